/** Injection token of the voice activity detector's weights, loaded once and shared. */
export const VOICE_ACTIVITY_WEIGHTS = Symbol('VOICE_ACTIVITY_WEIGHTS');
