/** Embedded speech: recognition and synthesis in child processes, and doubles of both for tests. */
export * from './availability.ts';
export * from './child-paths.ts';
export { SPEECH_INSTALL_COMMAND } from './native-error.ts';
export type { PhraseGrammar } from './phrase-grammar.ts';
export type * from './ports.ts';
export * from './recogniser-pool.ts';
export * from './scripted-recogniser.ts';
export * from './synthesiser-pool.ts';
export * from './tone-synthesiser.ts';
export * from './voices.ts';
export { hasVoice } from './voicing.ts';
