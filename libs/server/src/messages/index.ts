export * from './to-server-message';
