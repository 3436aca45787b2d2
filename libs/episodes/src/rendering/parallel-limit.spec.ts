import { ParallelLimit } from './parallel-limit';

const never = (): AbortSignal => new AbortController().signal;

async function entered(limit: ParallelLimit): Promise<() => void> {
  const leave = await limit.enter(never());
  if (!leave) throw new Error('not entered');
  return leave;
}

/** Whether the promise has settled when all that is ready has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('the number of requests at the same time', () => {
  it('is at most what was given', async () => {
    const limit = new ParallelLimit(2);
    const leave = await entered(limit);
    await entered(limit);
    const third = limit.enter(never());
    expect(await isSettled(third)).toBe(false);
    leave();
    leave();
    expect(await isSettled(third)).toBe(true);
    expect(await isSettled(limit.enter(never()))).toBe(false);
  });

  it('becomes smaller with each refusal, but never 0, and grows again with success', async () => {
    const limit = new ParallelLimit(4);
    await Promise.all([1, 2, 3, 4].map(() => entered(limit)));
    for (let i = 0; i < 10; i++) limit.refused();
    expect(limit.limit).toBe(1);
    for (let i = 0; i < 1 + 2 + 3; i++) limit.succeeded();
    expect(limit.limit).toBe(4);
    for (let i = 0; i < 10; i++) limit.succeeded();
    expect(limit.limit).toBe(4);
  });

  it('is not waited for after an abort', async () => {
    const limit = new ParallelLimit(1);
    const leave = await entered(limit);
    const abort = new AbortController();
    const waiting = limit.enter(abort.signal);
    abort.abort();
    expect(await waiting).toBeUndefined();
    leave();
    expect(await isSettled(limit.enter(never()))).toBe(true);
  });
});
