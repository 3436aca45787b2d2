import * as engine from '@parley/engine';
import * as protocol from '@parley/protocol';
import { conversationOptions } from './conversation-options';
import { conversationStarted } from './conversation-started';

describe('the translation between protocol and engine at the start of a conversation', () => {
  it('tells the client the audio formats, the providers and the timing', () => {
    const info = { name: 'sarvam', simulated: true };
    const description = { providers: { stt: info }, endOfTurnSilenceMs: 900, inactivityTimeoutMs: 60_000 };
    expect(conversationStarted('c-1', 'pipeline', description)).toEqual({
      type: 'conversation_started',
      conversation_id: 'c-1',
      engine: 'pipeline',
      input_audio: { encoding: 'pcm_s16le', sample_rate: protocol.INPUT_SAMPLE_RATE_HZ, frame_ms: protocol.FRAME_MS },
      output_audio: { encoding: 'pcm_s16le', sample_rate: protocol.OUTPUT_SAMPLE_RATE_HZ },
      providers: { stt: { name: 'sarvam', simulated: true } },
      timing: { end_of_turn_silence_ms: 900, inactivity_timeout_ms: 60_000 },
    });
  });

  it('needs no conversion of audio, because the protocol and the engine use the same formats', () => {
    const { INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ, FRAME_MS, FRAME_SAMPLES } = protocol;
    expect(engine).toMatchObject({ INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ, FRAME_MS, FRAME_SAMPLES });
  });

  it('passes on exactly the options that the client has set', () => {
    const start = { type: 'start_conversation' as const };
    expect(conversationOptions('c-1', start)).toStrictEqual({ conversationId: 'c-1' });
    expect(conversationOptions('c-1', { ...start, language: 'hi-IN', voice_id: 'asha', system_prompt: 'You are a clock.' })).toStrictEqual({
      conversationId: 'c-1',
      language: 'hi-IN',
      voiceId: 'asha',
      systemPrompt: 'You are a clock.',
    });
  });
});
