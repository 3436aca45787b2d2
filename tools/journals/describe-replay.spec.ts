import type { Difference } from '@parley/conversation';
import { describeReplay } from './describe-replay';

const difference = (line: number): Difference => ({
  line,
  event: { type: 'reply_audio_produced', atMs: 12.5, reply: 1, audio: new Int16Array(480), durationMs: 20 },
  expected: ['{"type":"send_audio"}'],
  got: [],
});

describe('describeReplay', () => {
  it('says that there is no difference', () => {
    expect(describeReplay({ events: 3, decisions: 7, differences: [] })).toBe('3 events, 7 decisions, no difference');
  });

  it('says where a decision is different, on what event, and how', () => {
    expect(describeReplay({ events: 3, decisions: 7, differences: [difference(4)] }).split('\n')).toEqual([
      'line 4, reply_audio_produced at 12.5 ms {"reply":1,"audio":"480 samples","durationMs":20}: expected (-), got (+)',
      '  - {"type":"send_audio"}',
      '3 events, 7 decisions, different decisions on 1 events',
    ]);
  });

  it('shows only the first differences', () => {
    const differences = Array.from({ length: 50 }, (_, index) => difference(index));
    const lines = describeReplay({ events: 60, decisions: 60, differences }).split('\n');
    expect(lines).toHaveLength(42);
    expect(lines.at(-2)).toBe('... and 30 more');
  });
});
