export * from './client-message-dtos';
export * from './parse-client-message';
