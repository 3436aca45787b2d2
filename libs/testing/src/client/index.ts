/** A client and a server as black-box tests and benches see them. */
export * from './conversation-client';
export * from './drawing';
export * from './fixtures';
export * from './inbox';
export * from './inspected-process';
export * from './microphone';
export * from './player';
export * from './protocol-rules';
export * from './server-log';
export * from './server-process';
export * from './sleep';
export * from './soak';
export * from './soak-visit';
export * from './soak-world';
export * from './speech';
export * from './shared-server';
