import { Client } from 'pg';
import { PostgresServer } from '@parley/testing/servers';
import { openPostgresEpisodeStore } from '../open-episode-store';
import { sampleEpisode } from '../testing/sample-records';

describe('the PostgreSQL database', () => {
  let server: PostgresServer;
  let url = '';
  let direct: Client;
  beforeAll(async () => void (server = await PostgresServer.start()));
  afterAll(() => server.stop());
  beforeEach(async () => {
    url = await server.createSchema();
    direct = new Client({ connectionString: url });
    await direct.connect();
  });
  afterEach(() => direct.end());

  it('is set up once when several servers start at the same time', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresEpisodeStore({ url })));
    const { id } = await stores[0].createEpisode(sampleEpisode());
    for (const store of stores) expect(await store.episode(id)).toBeDefined();
    await Promise.all(stores.map((store) => store.close()));
    expect((await direct.query('SELECT version FROM episode_store_version')).rows).toHaveLength(1);
  });

  it('of a newer version of the program is refused', async () => {
    await (await openPostgresEpisodeStore({ url })).close();
    await direct.query('UPDATE episode_store_version SET version = 1000');
    await expect(openPostgresEpisodeStore({ url })).rejects.toEqual(expect.objectContaining({ code: 'newer_schema' }));
  });

  it('cannot be opened where no server answers', async () => {
    await expect(openPostgresEpisodeStore({ url: 'postgres://parley@/postgres?host=/nowhere' })).rejects.toThrow();
  });

  it('gives the time by which claims end, so that servers with different clocks agree', async () => {
    const store = await openPostgresEpisodeStore({ url });
    await store.createEpisode(sampleEpisode(1));
    const [{ claim }] = await store.claimSegments({ owner: 'a', leaseMs: 1_000_000, limit: 1 });
    const { rows } = await direct.query<{ left: number }>('SELECT $1 - extract(epoch FROM clock_timestamp())::float8 * 1000 AS left', [
      claim.expiresAtMs,
    ]);
    expect(rows[0].left).toBeLessThanOrEqual(1_000_000);
    expect(rows[0].left).toBeGreaterThan(0);
    await store.close();
  });

  it('is connected again after its connections were lost, in a transaction or idle', async () => {
    const lost: Error[] = [];
    let onLost: () => void = () => undefined;
    const isLost = new Promise<void>((resolve) => (onLost = resolve));
    const store = await openPostgresEpisodeStore({
      url,
      onConnectionLost: (error) => {
        lost.push(error);
        onLost();
      },
    });
    await store.createEpisode(sampleEpisode(1));
    await direct.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS NOT NULL');
    await isLost;
    expect((await store.episodes()).items).toHaveLength(1);

    await direct.query('BEGIN');
    await direct.query('LOCK TABLE episodes');
    const failing = store.createEpisode(sampleEpisode(1));
    const isWaiting = async () => (await direct.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rows.length > 0;
    while (!(await isWaiting()));
    await direct.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    await expect(failing).rejects.toThrow();
    await direct.query('ROLLBACK');
    expect((await store.episodes()).items).toHaveLength(1);
    await store.close();
  });

  it('tells every server of the changes of the others, once, also after the connection for that was lost', async () => {
    let onLost: () => void = () => undefined;
    const isLost = new Promise<void>((resolve) => (onLost = resolve));
    const store = await openPostgresEpisodeStore({ url });
    const other = await openPostgresEpisodeStore({ url, onConnectionLost: () => onLost() });
    const { id } = await store.createEpisode(sampleEpisode(1));
    const own: number[] = [];
    const heard: number[] = [];
    store.onChange((_, version) => own.push(version));
    other.onChange((episodeId, version) => episodeId === id && heard.push(version));
    const changed: number[] = [];
    const changeUntilHeard = async () => {
      for (const before = heard.length; heard.length === before;)
        changed.push((await store.updateEpisode(id, { title: 'T' }))?.version ?? 0);
    };
    await changeUntilHeard();
    await direct.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    await isLost;
    heard.length = 0;
    await changeUntilHeard();
    await Promise.all([store.close(), other.close()]);
    expect(own).toEqual(changed);
    expect(new Set(heard).size).toBe(heard.length);
  });
});

describe('the PostgreSQL database of a server that is away for a while', () => {
  let server: PostgresServer;
  beforeAll(async () => void (server = await PostgresServer.start()));
  afterAll(() => server.stop());

  it('is unavailable, and then has everything that it had', async () => {
    const url = await server.createSchema();
    const store = await openPostgresEpisodeStore({ url });
    const heard: number[] = [];
    store.onChange((_, version) => heard.push(version));
    const { id } = await store.createEpisode(sampleEpisode(1));
    const unavailable = expect.objectContaining({ name: 'EpisodeStoreError', code: 'unavailable' });
    await server.pause();
    await expect(store.episode(id)).rejects.toEqual(unavailable);
    await expect(store.createEpisode(sampleEpisode(1))).rejects.toEqual(unavailable);
    await expect(openPostgresEpisodeStore({ url })).rejects.toEqual(unavailable);
    await server.resume();
    expect((await store.episode(id))?.id).toBe(id);
    expect((await store.episodes()).items).toHaveLength(1);
    await store.close();
  });
});
