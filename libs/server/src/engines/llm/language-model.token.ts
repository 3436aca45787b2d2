/** Injection token of the `LanguageModel` port. */
export const LANGUAGE_MODEL = Symbol('LANGUAGE_MODEL');
