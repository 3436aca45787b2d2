import { TokenBucket } from './token-bucket';

describe('TokenBucket', () => {
  /** Each step gives the time of a request, the requested amount, and whether it is granted. */
  it.each<[name: string, steps: [atMs: number, amount: number, given: boolean][]]>([
    [
      'is full at first, and empty after everything was taken',
      [
        [0, 10, true],
        [0, 0.5, false],
      ],
    ],
    [
      'refills at its rate',
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
      'grants a request entirely or not at all, and loses nothing by a refusal',
      [
        [0, 6, true],
        [0, 6, false],
        [0, 4, true],
      ],
    ],
    [
      'never grants more than its capacity',
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
