import { randomUUID } from 'node:crypto';
import { poll } from '@parley/testing/client';
import { RedisServer } from '@parley/testing/servers';
import { MemoryUsedTokens } from './memory-used-tokens';
import { RedisUsedTokens } from './redis-used-tokens';
import type { UsedTokens } from './used-tokens';

interface Shared {
  /** Another handle to the same store. */
  open(): Promise<UsedTokens>;
  close(): Promise<void>;
}

function describeContract(name: string, make: () => Promise<Shared>): void {
  describe(`used tokens ${name}`, () => {
    let shared: Shared;
    let used: UsedTokens;
    beforeEach(async () => {
      shared = await make();
      used = await shared.open();
    });
    afterEach(() => shared.close());

    const soon = (): number => Date.now() + 60_000;

    it('accept each token once', async () => {
      const [one, other] = [randomUUID(), randomUUID()];
      expect([await used.use(one, soon()), await used.use(one, soon()), await used.use(other, soon())]).toEqual([true, false, true]);
    });

    it('accept one of many uses at the same time, wherever they come from', async () => {
      const id = randomUUID();
      const handles = await Promise.all(Array.from({ length: 4 }, () => shared.open()));
      const results = await Promise.all(Array.from({ length: 40 }, (_, index) => handles[index % 4]?.use(id, soon())));
      expect(results.filter(Boolean)).toHaveLength(1);
    });

    it('forget a token when it has expired', async () => {
      const id = randomUUID();
      expect(await used.use(id, Date.now() + 30)).toBe(true);
      await poll('the token to be forgotten', () => used.use(id, Date.now() + 1), Boolean, 10_000);
    });

    it('take a token whose time is already over', async () => {
      expect(await used.use(randomUUID(), Date.now() - 1_000)).toBe(true);
    });
  });
}

describeContract('in memory', () => {
  const used = new MemoryUsedTokens();
  return Promise.resolve({ open: () => Promise.resolve(used), close: () => used.close() });
});

describe('with a Redis server', () => {
  let server: RedisServer;
  let tests = 0;
  beforeAll(async () => void (server = await RedisServer.start()));
  afterAll(() => server.stop());

  describeContract('in Redis', () => {
    const opened: UsedTokens[] = [];
    const prefix = `test${++tests}`;
    const open = async (): Promise<UsedTokens> => {
      const used = await RedisUsedTokens.open({ url: server.url, prefix });
      opened.push(used);
      await poll('the connection to Redis', () => answers(used), Boolean, 10_000);
      return used;
    };
    return Promise.resolve({ open, close: async () => void (await Promise.all(opened.map((used) => used.close()))) });
  });

  const answers = (used: UsedTokens): Promise<boolean> => used.use(randomUUID(), Date.now() + 1_000).catch(() => false);

  it('rejects soon while Redis is away, and is back by itself', async () => {
    const used = await RedisUsedTokens.open({ url: server.url });
    try {
      await poll('the connection to Redis', () => answers(used), Boolean, 10_000);
      await server.pause();
      await expect(used.use(randomUUID(), Date.now() + 1_000)).rejects.toThrow();
      await server.resume();
      await poll('the connection to Redis', () => answers(used), Boolean, 10_000);
    } finally {
      await used.close();
    }
  });
});

describe('MemoryUsedTokens', () => {
  it('keeps nothing longer than the tokens are valid', async () => {
    let nowMs = 0;
    const used = new MemoryUsedTokens(() => nowMs);
    for (nowMs = 0; nowMs < 10_000; nowMs += 1) await used.use(String(nowMs), nowMs + 60);
    expect(used.size).toBeLessThanOrEqual(60);
  });
});
