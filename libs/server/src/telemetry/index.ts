export * from './conversation-metrics';
export * from './engine-log';
export * from './event-loop-delay';
export * from './log-levels';
export * from './metrics.module';
export * from './parley-logger';
