export * from './conversation-metrics';
export * from './engine-log';
export * from './metrics.module';
export * from './parley-logger';
