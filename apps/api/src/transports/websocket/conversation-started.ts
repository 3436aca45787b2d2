import { type EngineDescription, FRAME_MS, INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ } from '@parley/engine';
import type { ConversationStarted, EngineName, StageName } from '@parley/protocol';
import type { ProviderInfo } from '@parley/providers';

/** Creates the first message of a conversation: the audio formats, the providers and the timing in use. */
export function conversationStarted(conversationId: string, engine: EngineName, description: EngineDescription): ConversationStarted {
  const { providers, endOfTurnSilenceMs, inactivityTimeoutMs } = description;
  const entries = Object.entries(providers) as [StageName, ProviderInfo][];
  return {
    type: 'conversation_started',
    conversation_id: conversationId,
    engine,
    input_audio: { encoding: 'pcm_s16le', sample_rate: INPUT_SAMPLE_RATE_HZ, frame_ms: FRAME_MS },
    output_audio: { encoding: 'pcm_s16le', sample_rate: OUTPUT_SAMPLE_RATE_HZ },
    providers: Object.fromEntries(entries.map(([stage, info]) => [stage, { ...info }])),
    timing: { end_of_turn_silence_ms: endOfTurnSilenceMs, inactivity_timeout_ms: inactivityTimeoutMs },
  };
}
