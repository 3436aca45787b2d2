import { FallbackUsedTokens } from './fallback-used-tokens';
import { MemoryUsedTokens } from './memory-used-tokens';
import type { UsedTokens } from './used-tokens';

/** A shared store that can be away. */
class UncertainStore implements UsedTokens {
  isAway = false;
  isClosed = false;
  private readonly used = new MemoryUsedTokens();

  use(id: string, untilMs: number): Promise<boolean> {
    return this.isAway ? Promise.reject(new Error('away')) : this.used.use(id, untilMs);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

describe('FallbackUsedTokens', () => {
  const untilMs = Date.now() + 60_000;
  let shared: UncertainStore;
  let failures: unknown[];
  beforeEach(() => {
    shared = new UncertainStore();
    failures = [];
  });
  const server = (): FallbackUsedTokens => new FallbackUsedTokens(shared, new MemoryUsedTokens(), (error) => failures.push(error));

  it('accept a token on one of the servers that share a store', async () => {
    const [one, other] = [server(), server()];
    expect([await one.use('a', untilMs), await other.use('a', untilMs), await one.use('a', untilMs)]).toEqual([true, false, false]);
    expect(failures).toEqual([]);
  });

  it('let clients in while the store is away, each token once on each server, and tell of it', async () => {
    const one = server();
    expect(await one.use('before', untilMs)).toBe(true);
    shared.isAway = true;
    expect([await one.use('before', untilMs), await one.use('a', untilMs), await one.use('a', untilMs)]).toEqual([false, true, false]);
    expect(failures).toHaveLength(1);
    shared.isAway = false;
    expect([await one.use('a', untilMs), await one.use('b', untilMs)]).toEqual([false, true]);
  });

  it('close the store', async () => {
    await server().close();
    expect(shared.isClosed).toBe(true);
  });
});
