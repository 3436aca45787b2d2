export * from './audio-cache.module';
export * from './shared-audio-cache';
