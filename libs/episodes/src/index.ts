export * from './audio-files';
export * from './feeds';
export * from './files';
export * from './rendering';
export * from './sound';
export * from './storage';
export * from './work';
export { type Chapter } from './chapter';
