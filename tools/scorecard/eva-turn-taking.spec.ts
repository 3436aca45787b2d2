import { evaTurnScores, latencyScore } from './eva-turn-taking';
import type { AssistantSpan, UserSpan } from './timeline';

const said = (startMs: number, endMs: number, parts = [{ startMs, endMs }]): UserSpan => ({ kind: 'turn', startMs, endMs, parts });
const played = (turn: number, startMs: number, endMs: number): AssistantSpan => ({ turn, startMs, endMs });
const scores = (users: UserSpan[], assistant: AssistantSpan[]): number[] =>
  evaTurnScores({ users, assistant }).map((score) => Math.round(score * 1_000) / 1_000);

it.each([
  [-600, 0],
  [-500, 0],
  [0, 0.5],
  [200, 0.7],
  [500, 1],
  [2_000, 1],
  [2_750, 0.5],
  [3_500, 0],
  [9_000, 0],
])('a latency of %d ms scores %d', (latencyMs, score) => {
  expect(latencyScore(latencyMs)).toBeCloseTo(score, 6);
});

describe('a turn', () => {
  it('that is answered is scored by its latency', () => {
    expect(scores([said(0, 1_000)], [played(1, 2_000, 3_000)])).toEqual([1]);
    expect(scores([said(0, 1_000)], [played(1, 1_200, 3_000)])).toEqual([0.7]);
  });

  it('that is not answered scores 0', () => {
    expect(scores([said(0, 1_000), said(2_000, 3_000)], [played(2, 4_000, 5_000)])).toEqual([0, 1]);
  });

  it('that interrupts is scored by how soon the assistant yields', () => {
    expect(scores([said(1_000, 2_000)], [played(1, 0, 1_300), played(2, 3_000, 4_000)])).toEqual([0.85]);
    expect(scores([said(1_000, 2_000)], [played(1, 0, 9_000)])).toEqual([0]);
  });

  it('that the assistant interrupts scores at most 0.5', () => {
    expect(scores([said(0, 2_000)], [played(1, 1_500, 2_500)])).toEqual([0.375]);
    expect(scores([said(0, 2_000)], [played(1, 200, 300), played(1, 600, 700), played(2, 3_000, 4_000)])).toEqual([0.25]);
    expect(scores([said(0, 2_000)], [played(1, 200, 300), played(2, 12_000, 13_000)])).toEqual([0]);
  });

  it('that the assistant cuts off in a pause scores 0.5, even without overlapping speech', () => {
    const paused = said(0, 2_000, [
      { startMs: 0, endMs: 500 },
      { startMs: 1_500, endMs: 2_000 },
    ]);
    expect(scores([paused], [played(1, 1_000, 1_500), played(2, 3_000, 4_000)])).toEqual([0.5]);
  });

  it('in which both happen gets the lower score', () => {
    expect(scores([said(1_000, 3_000)], [played(1, 0, 2_000), played(1, 2_500, 2_600), played(2, 4_000, 5_000)])).toEqual([0.2]);
  });

  it('is not counted for a back-channel or a noise', () => {
    expect(scores([{ kind: 'noise', startMs: 0, endMs: 10, parts: [] }], [])).toEqual([]);
  });
});
