/** Test doubles for specs of conversations. */
export * from './fake-audio-cache';
export * from './fake-narrator';
export * from './fake-providers';
export * from './fake-voice-detector';
export * from './microphone';
export * from './on-virtual-time';
export * from './recording-logger';
export * from './recording-sink';
export * from './abort-ignoring-providers';
export * from './test-agent-conversation';
export * from './test-conversation';
export * from './virtual-time';
