export * from './lib/clock';
export * from './lib/manual-clock';
export * from './lib/fake-failure';
export * from './lib/fake-speech-to-text';
export * from './lib/fake-language-model';
export * from './lib/fake-text-to-speech';
export * from './lib/fake-voice-agent';
export * from './lib/leak-check';
