export * from './conversation-telemetry';
export * from './engine-log';
export * from './event-loop-delay';
export * from './log-levels';
export * from './metrics.module';
export * from './observed-conversation';
export * from './parley-logger';
