import { heardWaits } from './heard-waits';

/** Blocks of 10 ms with a voice in these stretches, and with first played samples at these times. */
const blocks = (untilMs: number, voice: readonly (readonly [number, number])[], playedAtMs: readonly number[]) =>
  Array.from({ length: untilMs / 10 }, (_, index) => {
    const atMs = index * 10;
    const isVoiced = voice.some(([startMs, endMs]) => atMs >= startMs && atMs < endMs);
    const played = playedAtMs.find((ms) => ms >= atMs && ms < atMs + 10);
    return { atMs, captured: isVoiced ? 0.1 : 0.0001, ...(played !== undefined && { playedAtMs: played }) };
  });

describe('heardWaits', () => {
  it('measures from the end of each question to the first sample played after it', () => {
    const heard = blocks(
      12_000,
      [
        [1_000, 1_700],
        [2_000, 2_500],
        [8_000, 8_500],
      ],
      [3_411.5, 3_421.5, 9_405],
    );
    expect(heardWaits(heard)).toEqual([
      { voicedEndMs: 2_500, playedAtMs: 3_411.5 },
      { voicedEndMs: 8_500, playedAtMs: 9_405 },
    ]);
  });

  it('leaves out a question when nothing was played before the next one', () => {
    expect(
      heardWaits(
        blocks(
          9_000,
          [
            [1_000, 1_500],
            [5_000, 5_500],
          ],
          [6_400],
        ),
      ),
    ).toEqual([{ voicedEndMs: 5_500, playedAtMs: 6_400 }]);
  });

  it('takes the last block that is loud enough to be speech as the end of a question', () => {
    const heard = blocks(4_000, [[1_000, 1_500]], [2_400]).map((block) => (block.atMs === 1_600 ? { ...block, captured: 0.004 } : block));
    expect(heardWaits(heard)).toEqual([{ voicedEndMs: 1_610, playedAtMs: 2_400 }]);
    const quieter = heard.map((block) => (block.atMs === 1_600 ? { ...block, captured: 0.001 } : block));
    expect(heardWaits(quieter)).toEqual([{ voicedEndMs: 1_500, playedAtMs: 2_400 }]);
  });
});
