import { TokenBucket } from './token-bucket';

describe('TokenBucket', () => {
  /** Each step: at this time, so much is asked for, and it is given or not. */
  it.each<[name: string, steps: [atMs: number, amount: number, given: boolean][]]>([
    [
      'is full at first, and empty when all was taken',
      [
        [0, 10, true],
        [0, 0.5, false],
      ],
    ],
    [
      'fills by its rate',
      [
        [0, 10, true],
        [100, 1, false],
        [250, 1, true],
        [250, 1, false],
        [499, 1, false],
        [500, 1, true],
      ],
    ],
    [
      'never holds more than its capacity',
      [
        [1_000_000, 10, true],
        [1_000_000, 0.5, false],
      ],
    ],
    [
      'gives all or nothing, and loses nothing by a refusal',
      [
        [0, 6, true],
        [0, 6, false],
        [0, 4, true],
      ],
    ],
    [
      'never gives more than it can hold',
      [
        [0, 11, false],
        [100_000, 11, false],
        [100_000, 10, true],
      ],
    ],
  ])('%s', (_name, steps) => {
    let nowMs = 0;
    const bucket = new TokenBucket(10, 4, () => nowMs);
    expect(
      steps.map(([atMs, amount]) => {
        nowMs = atMs;
        return [atMs, amount, bucket.take(amount)];
      }),
    ).toEqual(steps);
  });
});
