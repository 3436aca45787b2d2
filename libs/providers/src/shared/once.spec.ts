import { Once } from './once';

describe('something that is made once', () => {
  it('is not made before it is asked for, and once for all who ask', async () => {
    let made = 0;
    const once = new Once(async () => ++made);
    expect([made, once.current]).toEqual([0, undefined]);
    expect(await Promise.all([once.get(), once.get()])).toEqual([1, 1]);
    expect(await once.get()).toBe(1);
    expect(await once.current).toBe(1);
  });

  it('is made anew after a failure, and once then too, although two had waited for what failed', async () => {
    let attempts = 0;
    const once = new Once(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
      return attempts;
    });
    const ask = (): Promise<number> => once.get().catch(() => once.get());
    expect(await Promise.all([ask(), ask()])).toEqual([2, 2]);
    expect(attempts).toBe(2);
  });

  it('fails for all who waited for what failed', async () => {
    const once = new Once<number>(() => Promise.reject(new Error('never')));
    const results = await Promise.allSettled([once.get(), once.get()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(once.current).toBeUndefined();
  });
});
