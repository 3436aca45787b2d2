import { LastKnown } from './last-known';

describe('what is known of a service', () => {
  let nowMs: number;
  let answers: ((isUp: boolean) => void)[];
  let known: LastKnown;

  beforeEach(() => {
    [nowMs, answers] = [0, []];
    known = new LastKnown(
      () => new Promise((resolve) => answers.push(resolve)),
      () => nowMs,
    );
  });

  it('is found out by the first who asks, once for all who ask meanwhile', async () => {
    const asked = [known.get(), known.get()];
    expect([answers.length, known.isUp]).toEqual([1, false]);
    answers[0](true);
    expect(await Promise.all(asked)).toEqual([true, true]);
    expect([await known.get(), answers.length]).toEqual([true, 1]);
  });

  it('is told at once when it is old, and checked for the next', async () => {
    known.set(true);
    nowMs = 2_001;
    expect(await known.get()).toBe(true);
    expect(await known.get()).toBe(true);
    expect(answers).toHaveLength(1);
    answers[0](false);
    await Promise.resolve();
    expect([await known.get(), answers.length]).toEqual([false, 1]);
  });
});
