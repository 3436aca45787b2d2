export { type Chapter } from './chapter';
export * from './feeds';
export * from './files';
export * from './sound';
