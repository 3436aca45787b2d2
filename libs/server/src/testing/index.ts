export * from './documented-metrics';
export * from './loudness-speech';
export * from './printed-by';
export * from './prometheus-text';
export * from './providers-with-fallbacks';
export * from './recording-logger';
export * from './runtime-paths';
export * from './test-settings';
