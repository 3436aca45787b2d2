import { scoreOf } from './score';
import { measuresOf } from './targets';
import type { Timeline, UserSpan } from './timeline';

const said = (startMs: number, endMs: number, kind: UserSpan['kind'] = 'turn'): UserSpan => ({
  kind,
  startMs,
  endMs,
  parts: [{ startMs, endMs }],
});

/** A question and its answer; a story, a back-channel over it, and an interruption; a noise. */
const GOOD: Timeline = {
  users: [said(0, 1_000), said(6_000, 6_300, 'back_channel'), said(8_000, 9_000), said(13_000, 13_100, 'noise')],
  assistant: [
    { turn: 1, startMs: 2_000, endMs: 6_250 },
    { turn: 1, startMs: 6_700, endMs: 8_300 },
    { turn: 2, startMs: 10_000, endMs: 11_000 },
  ],
};
const SILENT: Timeline = { users: [said(0, 1_000)], assistant: [] };

describe('the score', () => {
  it('counts every event of all conversations equally', () => {
    expect(scoreOf([GOOD, SILENT])).toMatchObject({
      responseRate: 2 / 3,
      responseLatencyMs: { mean: 1_000, median: 1_000, p95: 1_000 },
      yieldRate: 1,
      yieldLatencyMs: { mean: 300 },
      assistantInterruptionRate: 0,
      backChannelSelectivity: 1,
      noiseSelectivity: 1,
      eva: (1 + 0.85 + 0) / 3,
      evaTurns: 3,
    });
  });
});

describe('the targets', () => {
  const missed = (...timelines: Timeline[]): string[] =>
    measuresOf(scoreOf(timelines)).flatMap(({ name, target }) => (target && !target.met ? [name.split(/[ ,]/)[0]] : []));

  it('are met by a good conversation', () => {
    expect(missed(GOOD)).toEqual([]);
  });

  it('can each be missed separately', () => {
    expect(missed(GOOD, SILENT)).toEqual(['response', 'EVA']);
    const stubborn: Timeline = { users: GOOD.users, assistant: [{ turn: 1, startMs: 2_000, endMs: 20_000 }] };
    expect(missed(stubborn)).toEqual(['yield', 'yield', 'EVA']);
    const hasty: Timeline = { users: GOOD.users, assistant: [{ turn: 0, startMs: 500, endMs: 900 }, ...GOOD.assistant] };
    expect(missed(hasty)).toEqual(['assistant', 'EVA']);
    const shy: Timeline = { users: GOOD.users, assistant: [{ turn: 1, startMs: 2_000, endMs: 6_250 }, GOOD.assistant[2]] };
    expect(missed(shy)).toContain('back-channel');
  });

  it('are missed if nothing happened', () => {
    expect(missed()).toHaveLength(6);
  });

  it('include how long a paused assistant was silent', () => {
    expect(measuresOf(scoreOf([GOOD])).find(({ name }) => name.includes('paused'))?.figure).toBe('1, 450 ms');
  });
});
