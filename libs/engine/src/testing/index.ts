/** What specs of conversations need. For specs only. */
export * from './fake-narrator';
export * from './fake-vendors';
export * from './fake-voice-detector';
export * from './microphone';
export * from './on-virtual-time';
export * from './recording-logger';
export * from './recording-sink';
export * from './stubborn-vendors';
export * from './test-agent-conversation';
export * from './test-conversation';
export * from './virtual-time';
