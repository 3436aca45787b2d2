import { PostgresServer, RedisServer } from '@parley/testing/servers';
import { type EpisodeStore, openPostgresEpisodeStore } from '../storage';
import { LocalSegmentQueue, RedisSegmentQueue, type SegmentQueue } from '../work';
import { make, reaches, RenderingBench, TWO_VOICES } from './testing/rendering-bench';

/** Short, so that lost work is found soon. */
const LOOK_AGAIN_MS = 200;
const LEASE_MS = 2_000;
const NEVER_MS = 2 ** 31 - 1;

describe('episodes on several servers', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let bench: RenderingBench;
  let url = '';
  const opened: EpisodeStore[] = [];

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    redis = await RedisServer.start();
  });
  afterAll(() => Promise.all([postgres.stop(), redis.stop()]));
  beforeEach(async () => {
    bench = await RenderingBench.create();
    url = await postgres.createSchema();
  });
  afterEach(async () => {
    await bench.close();
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  const redisQueue = () => RedisSegmentQueue.open({ url: redis.url, prefix: bench.folder, takeOverAfterMs: LEASE_MS });

  async function openServer(narration: Parameters<RenderingBench['open']>[0] = {}, queue?: SegmentQueue, lookAgainMs = LOOK_AGAIN_MS) {
    const store = await openPostgresEpisodeStore({ url });
    opened.push(store);
    const times = { leaseMs: LEASE_MS, lookAgainMs };
    return await bench.open(narration, { store, queue: queue ?? (await redisQueue()), parallel: 2, parallelOfAll: 3, ...times });
  }

  it('are rendered by all of them, and what happens on one is heard on the other', async () => {
    // Neither finishes before both have begun.
    let begun = 0;
    let bothHaveBegun: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (bothHaveBegun = resolve));
    const until = () => {
      if (++begun === 3) bothHaveBegun();
      return both;
    };
    const [one, other] = [await openServer({ until }), await openServer({ until })];
    const script = Array.from({ length: 6 }, (_, i) => `Paragraph number ${i}.`).join('\n\n');
    const { id } = await make(one.episodes, { script });
    const { progress } = await reaches(other.episodes, id, 'completed');
    expect(progress).toMatchObject({ total: 6, done: 6, retries: 0 });
    const texts = [one, other].map(({ provider }) => provider.texts);
    // Three at once are more than one server does.
    for (const spoken of texts) expect(spoken.length).toBeGreaterThan(0);
    expect(texts.flat().sort()).toEqual(script.split('\n\n'));
  });

  it('are finished after PostgreSQL was away when a segment had been spoken, and its text is not spoken twice', async () => {
    let goOn: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (goOn = resolve));
    const { episodes, provider } = await openServer({ until: ({ text }) => (text.startsWith('Then') ? later : undefined) });
    const { id } = await make(episodes, TWO_VOICES);
    for await (const { episode } of episodes.changes(id, 0, new AbortController().signal)) if (episode.progress.done === 2) break;
    await provider.when((requests) => requests.length === 3);
    const completed = reaches(episodes, id, 'completed');
    await postgres.pause();
    goOn();
    await provider.when((requests) => requests.length === 3 && requests.every(({ outcome }) => outcome === 'done'));
    await postgres.resume();
    expect((await completed).progress.done).toBe(3);
    expect(provider.requests).toHaveLength(3);
  });

  it('are finished after Redis has lost all jobs', async () => {
    let goOn: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (goOn = resolve));
    // Looks for work only when Redis is back.
    const { episodes, provider } = await openServer({ until: () => later }, undefined, NEVER_MS);
    await redis.pause();
    const { id } = await make(episodes, TWO_VOICES);
    expect(bench.events.some(({ type }) => type === 'error')).toBe(true);
    await redis.resume();
    goOn();
    expect((await reaches(episodes, id, 'completed')).progress.done).toBe(3);
    expect(provider.requests).toHaveLength(3);
  });

  it('are finished by a server without the queue that has lost a job', async () => {
    class LosingQueue extends LocalSegmentQueue {
      #isFirst = true;
      override async add(...args: Parameters<LocalSegmentQueue['add']>): Promise<void> {
        if (!this.#isFirst) await super.add(...args);
        this.#isFirst = false;
      }
    }
    const { episodes } = await openServer({}, new LosingQueue());
    const { id } = await make(episodes, TWO_VOICES);
    expect((await reaches(episodes, id, 'completed')).progress.done).toBe(3);
  });
});
