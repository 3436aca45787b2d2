import { ProviderError, type ProviderErrorCode } from '../ports/provider-error';
import { SILENT_LOGGER } from '../ports/provider-logger';
import { SignedUrlPool } from './signed-url-pool';

const { signal } = new AbortController();

describe('SignedUrlPool', () => {
  let pool: SignedUrlPool;
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => {
    pool.close();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  const settle = () => new Promise((resolve) => setImmediate(resolve));
  async function pass(ms: number): Promise<void> {
    jest.advanceTimersByTime(ms);
    await settle();
  }

  /** Creates a pool whose nth signing request yields `url n`, or fails if `failures` has an entry for n. */
  function create(size: number, failures: Record<number, ProviderErrorCode> = {}) {
    let count = 0;
    pool = new SignedUrlPool({
      size,
      maxAgeMs: 10_000,
      random: () => 0,
      logger: SILENT_LOGGER,
      fetch: async () => {
        const number = ++count;
        const code = failures[number];
        if (code !== undefined) throw new ProviderError('elevenlabs', code, 'on purpose');
        return `url ${number}`;
      },
    });
    return { signings: () => count };
  }

  it('requests an address when it is asked for one, and in advance only after it was started', async () => {
    create(2);
    expect(await pool.take(signal)).toEqual({ url: 'url 1', wasReady: false });
    expect(pool.counts).toEqual({ ready: 0, hits: 0, misses: 1 });
    pool.start();
    await settle();
    expect(pool.counts.ready).toBe(2);
  });

  it('hands out every address only once and requests new ones to replace them', async () => {
    create(2);
    pool.start();
    await settle();
    const taken = await Promise.all([pool.take(signal), pool.take(signal), pool.take(signal)]);
    expect(new Set(taken.map(({ url }) => url)).size).toBe(3);
    expect(taken.map(({ wasReady }) => wasReady)).toEqual([true, true, false]);
    await settle();
    expect(pool.counts).toEqual({ ready: 2, hits: 2, misses: 1 });
  });

  it('replaces addresses before they expire at the vendor', async () => {
    const { signings } = create(1);
    pool.start();
    await settle();
    await pass(9_999);
    expect(signings()).toBe(1);
    await pass(1);
    expect(signings()).toBe(2);
    expect(await pool.take(signal)).toEqual({ url: 'url 2', wasReady: true });
  });

  it('tries again after a temporary failure, with growing delays', async () => {
    const { signings } = create(1, { 1: 'unavailable', 2: 'timeout' });
    pool.start();
    await settle();
    expect(signings()).toBe(1);
    await pass(125);
    expect(signings()).toBe(2);
    await pass(249);
    expect(signings()).toBe(2);
    await pass(1);
    expect(pool.counts.ready).toBe(1);
  });

  it.each<ProviderErrorCode>(['auth', 'quota', 'invalid_request'])(
    'makes no further request on its own after a failure with %s',
    async (code) => {
      const { signings } = create(1, { 1: code });
      pool.start();
      await settle();
      await pass(3_600_000);
      expect(signings()).toBe(1);
      await pool.take(signal);
      await settle();
      expect(pool.counts.ready).toBe(1);
    },
  );

  it('keeps no addresses after it is closed', async () => {
    const { signings } = create(3);
    pool.start();
    pool.close();
    await settle();
    expect(pool.counts.ready).toBe(0);
    expect(signings()).toBe(1);
  });

  it('passes a failure on to the caller that needs the address', async () => {
    create(0, { 1: 'auth' });
    await expect(pool.take(signal)).rejects.toMatchObject({ code: 'auth' });
  });
});
