export * from './metered-language-model';
export * from './metered-narration';
export * from './metered-speech-to-text';
export * from './metered-text-to-speech';
