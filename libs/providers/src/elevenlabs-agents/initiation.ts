import { languageCode } from '../elevenlabs/model-traits';
import type { VoiceAgentOverride, VoiceAgentOverrides } from '../ports/voice-agent';

/** Returns the first message to the agent, with those overrides of this conversation that are allowed. */
export function initiationData(overrides: VoiceAgentOverrides, allowed: ReadonlySet<VoiceAgentOverride>): object {
  const wanted = <Name extends VoiceAgentOverride>(name: Name): VoiceAgentOverrides[Name] =>
    allowed.has(name) ? overrides[name] : undefined;
  const prompt = wanted('prompt');
  const firstMessage = wanted('firstMessage');
  const language = languageCode(wanted('language'));
  const voiceId = wanted('voiceId');
  const agent = {
    ...(prompt !== undefined && { prompt: { prompt } }),
    ...(firstMessage !== undefined && { first_message: firstMessage }),
    ...(language !== undefined && { language }),
  };
  const config = {
    ...(Object.keys(agent).length > 0 && { agent }),
    ...(voiceId !== undefined && { tts: { voice_id: voiceId } }),
  };
  return {
    type: 'conversation_initiation_client_data',
    ...(Object.keys(config).length > 0 && { conversation_config_override: config }),
  };
}
