/** What every adapter of a port does, as specs for any adapter: also for those outside this library. */
export * from './contract-failures';
export * from './language-model-contract';
export * from './speech-to-text-contract';
export * from './narration-contract';
export * from './text-to-speech-contract';
export * from './voice-agent-contract';
