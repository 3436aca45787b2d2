/** Injection token of the `SpeechToText` port. */
export const SPEECH_TO_TEXT = Symbol('SPEECH_TO_TEXT');
