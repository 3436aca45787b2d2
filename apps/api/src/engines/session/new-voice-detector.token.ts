/** Injection token of `NewVoiceDetector`; what is loaded for it is loaded once and shared by all conversations. */
export const NEW_VOICE_DETECTOR = Symbol('NEW_VOICE_DETECTOR');
