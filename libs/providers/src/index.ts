export * from './lib/ports/provider-info';
export * from './lib/ports/provider-error';
export * from './lib/ports/speech-to-text';
export * from './lib/ports/language-model';
export * from './lib/ports/text-to-speech';
