export * from './budgeted-talk';
export * from './loudness-speech';
export * from './printed-by';
export * from './providers-with-fallbacks';
export * from './recording-logger';
export * from './runtime-paths';
export * from './test-settings';
