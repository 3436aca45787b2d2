import { Registry } from 'prom-client';
import { LatencyMetrics } from './latency-metrics';

const MARKS = {
  speech_end: 0,
  turn_end: 900,
  stt_final: 410,
  llm_request: 300,
  llm_first_token: 700,
  tts_request: 750,
  tts_first_audio: 1_000,
  audio_sent: 1_005,
  playback_started: 1_205,
};

/** The sums and counts of all histograms, by the name with its labels. */
async function sums(registry: Registry): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => /_(sum|count)\{/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]));
}

describe('LatencyMetrics', () => {
  it('measures each step of a spoken turn on both clocks, each stage, and what the user perceives', async () => {
    const registry = new Registry();
    new LatencyMetrics(registry).observe({ engine: 'pipeline' })({ type: 'turn_measured', turn: 1, marks: MARKS, speculative: true });
    expect(await sums(registry)).toMatchObject({
      'parley_mark_after_speech_seconds_sum{engine="pipeline",mark="turn_end"}': 0.9,
      'parley_mark_after_speech_seconds_sum{engine="pipeline",mark="stt_final"}': 0.41,
      'parley_mark_after_speech_seconds_sum{engine="pipeline",mark="playback_started"}': 1.205,
      'parley_mark_after_turn_end_seconds_sum{engine="pipeline",mark="audio_sent"}': expect.closeTo(0.105),
      'parley_mark_after_turn_end_seconds_sum{engine="pipeline",mark="llm_request"}': 0,
      'parley_mark_after_turn_end_seconds_count{engine="pipeline",mark="llm_request"}': 1,
      'parley_stage_seconds_sum{engine="pipeline",stage="stt"}': 0.41,
      'parley_stage_seconds_sum{engine="pipeline",stage="llm"}': 0.4,
      'parley_stage_seconds_sum{engine="pipeline",stage="tts"}': 0.25,
      'parley_stage_seconds_sum{engine="pipeline",stage="playback"}': 0.2,
      'parley_perceived_latency_seconds_sum{engine="pipeline"}': 1.205,
    });
  });

  it('leaves out the steps that a turn did not have', async () => {
    const registry = new Registry();
    const observe = new LatencyMetrics(registry).observe({ engine: 'agent' });
    observe({ type: 'turn_measured', turn: 1, marks: { speech_end: 0, stt_final: 200 }, speculative: false });
    expect(Object.keys(await sums(registry)).filter((name) => name.includes('_count'))).toEqual([
      'parley_mark_after_speech_seconds_count{engine="agent",mark="stt_final"}',
      'parley_stage_seconds_count{engine="agent",stage="stt"}',
    ]);
  });

  it('does not measure a typed turn, which has no last voiced sample', async () => {
    const registry = new Registry();
    const observe = new LatencyMetrics(registry).observe({ engine: 'pipeline' });
    observe({ type: 'turn_measured', turn: 1, marks: { stt_final: 0, turn_end: 0, audio_sent: 500 }, speculative: false });
    expect(await sums(registry)).toEqual({});
  });
});
