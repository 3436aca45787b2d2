export * from './audio-files';
export * from './storage';
export * from './work';
