import { Registry } from 'prom-client';
import { ConversationMetrics } from './conversation-metrics';

describe('ConversationMetrics', () => {
  /** Every line of the metrics text, without comments. */
  const lines = async (registry: Registry): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => /^[^#]/.test(line));

  it('has a line for every metric before anything has happened', async () => {
    const registry = new Registry();
    new ConversationMetrics(registry);
    expect(await lines(registry)).toEqual([
      'parley_drafts_started_total 0',
      'parley_drafts_kept_total 0',
      'parley_drafts_cancelled_total 0',
      'parley_draft_wasted_tokens_total 0',
      'parley_draft_wasted_characters_total 0',
      'parley_finals_in_vain_total 0',
      'parley_turns_total{outcome="answered"} 0',
      'parley_turns_total{outcome="interrupted"} 0',
      'parley_turns_total{outcome="failed"} 0',
      'parley_turns_total{outcome="not_understood"} 0',
      'parley_turns_total{outcome="abandoned"} 0',
      'parley_interruptions_total{reason="speech"} 0',
      'parley_interruptions_total{reason="text"} 0',
      'parley_interruptions_total{reason="button"} 0',
    ]);
  });

  it('adds up the figures of several conversations', async () => {
    const registry = new Registry();
    const metrics = new ConversationMetrics(registry);
    const [one, other] = [metrics.observe(), metrics.observe()];
    for (const observe of [one, other]) observe({ type: 'state_changed', phase: 'AI_PROCESSING', turn: 1 });
    one({ type: 'failure', turn: 1, stage: 'tts', reason: 'rate_limited', fatal: false });
    other({ type: 'interrupted', turn: 1, reason: 'button' });
    const drafts = { started: 2, kept: 1, cancelled: 1, wastedCharacters: 40, wastedTokens: 10 };
    one({
      type: 'turn_measured',
      turn: 1,
      marks: { speech_end: 0, turn_end: 900, stt_final: 410, audio_sent: 925 },
      speculative: true,
      drafts,
    });
    for (const observe of [one, other]) observe({ type: 'state_changed', phase: 'USER_SPEAKING', turn: 2 });
    other({ type: 'ended', reason: 'client', drafts: { ...drafts, started: 1, kept: 0, finalsInVain: 2 } });
    expect(await lines(registry)).toEqual(
      expect.arrayContaining([
        'parley_drafts_started_total 3',
        'parley_drafts_kept_total 1',
        'parley_drafts_cancelled_total 2',
        'parley_draft_wasted_tokens_total 20',
        'parley_draft_wasted_characters_total 80',
        'parley_finals_in_vain_total 2',
        'parley_turns_total{outcome="answered"} 0',
        'parley_turns_total{outcome="interrupted"} 1',
        'parley_turns_total{outcome="failed"} 1',
        'parley_stage_failures_total{stage="tts",reason="rate_limited"} 1',
        'parley_interruptions_total{reason="button"} 1',
        'parley_last_voiced_to_first_audio_seconds_bucket{le="0.9",drafted="true"} 0',
        'parley_last_voiced_to_first_audio_seconds_bucket{le="0.95",drafted="true"} 1',
        'parley_last_voiced_to_first_audio_seconds_sum{drafted="true"} 0.925',
        'parley_turn_end_to_first_audio_seconds_count{drafted="true"} 1',
      ]),
    );
  });

  it('measures the latency only of spoken turns that were answered with audio', async () => {
    const registry = new Registry();
    const observe = new ConversationMetrics(registry).observe();
    for (const marks of [
      { speech_end: 0, turn_end: 0, audio_sent: 500 },
      { speech_end: 0, turn_end: 900, stt_final: 1_100 },
    ]) {
      observe({ type: 'turn_measured', turn: 1, marks, speculative: false });
    }
    expect((await lines(registry)).filter((line) => line.includes('seconds'))).toEqual([]);
  });
});
