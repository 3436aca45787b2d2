export * from './audio-files';
export * from './storage';
