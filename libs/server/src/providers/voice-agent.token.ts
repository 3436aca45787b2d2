/** Injection token of the agent that answers on this server: a `StageProvider<VoiceAgent>`. */
export const VOICE_AGENT = Symbol('VOICE_AGENT');
