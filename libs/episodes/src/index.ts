export * from './audio-files';
export * from './feeds';
export * from './files';
export * from './sound';
export * from './storage';
export { type Chapter } from './chapter';
