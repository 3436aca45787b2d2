/** Injection token of the `TextToSpeech` port. */
export const TEXT_TO_SPEECH = Symbol('TEXT_TO_SPEECH');
