import { settle, startVirtualTime } from '@parley/engine/testing';
import { ServerEnding, type ServerEndingOptions } from './server-ending';

describe('The end of a server', () => {
  let calls: unknown[];
  const ending = (options: Partial<ServerEndingOptions> = {}): ServerEnding =>
    new ServerEnding({
      drain: async (withinMs) => void calls.push(['drain', withinMs]),
      close: async () => void calls.push('close'),
      exit: (code) => calls.push(['exit', code]),
      onFailure: () => calls.push('failure'),
      ...options,
    });

  beforeEach(() => {
    startVirtualTime();
    calls = [];
  });
  afterEach(() => jest.useRealTimers());

  it('drains, closes and exits, once', async () => {
    const end = ending();
    end.begin(5_000);
    end.begin(0);
    await settle();
    expect(calls).toEqual([['drain', 5_000], 'close', ['exit', 0]]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('exits with the code of a failure, and at once when the end had begun before', async () => {
    ending().begin(0, 1);
    await settle();
    expect(calls.at(-1)).toEqual(['exit', 1]);
    calls = [];
    const draining = ending({ drain: () => new Promise(() => undefined) });
    draining.begin(5_000);
    draining.begin(0, 1);
    expect(calls).toEqual([['exit', 1]]);
  });

  it('exits with 1 when something cannot be closed, or takes too long', async () => {
    ending({ close: () => Promise.reject(new Error('x')) }).begin(0);
    await settle();
    expect(calls.slice(-2)).toEqual(['failure', ['exit', 1]]);
    calls = [];
    ending({ close: () => new Promise(() => undefined) }).begin(0);
    await settle();
    jest.advanceTimersByTime(30_000);
    expect(calls.at(-1)).toEqual(['exit', 1]);
  });
});
