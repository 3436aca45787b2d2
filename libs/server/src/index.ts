export * from './audio-cache';
export * from './budgets';
export * from './config';
export * from './engines';
export * from './messages';
export * from './providers';
export * from './redis';
export * from './telemetry';
