/** A client and a server as black-box tests and benches see them. */
export * from './conversation-client';
export * from './fixtures';
export * from './inbox';
export * from './microphone';
export * from './player';
export * from './resources';
export * from './server-log';
export * from './server-process';
export * from './sleep';
export * from './speech';
export * from './shared-server';
export * from './webm-recording';
