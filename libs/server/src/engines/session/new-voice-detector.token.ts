/** Injection token of `NewVoiceDetector`. Its model is loaded once and shared by all conversations. */
export const NEW_VOICE_DETECTOR = Symbol('NEW_VOICE_DETECTOR');
