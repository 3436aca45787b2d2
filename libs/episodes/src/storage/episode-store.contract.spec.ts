import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '@parley/testing/servers';
import { openPostgresEpisodeStore, openSqliteEpisodeStore } from './open-episode-store';
import { describeEpisodeStoreContract } from './testing/episode-store.contract';

describeEpisodeStoreContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  return {
    open: async (now) => openSqliteEpisodeStore({ path: join(folder, 'episodes.sqlite'), now }),
    close: async () => rmSync(folder, { recursive: true }),
  };
});

describe('with a PostgreSQL server', () => {
  let server: PostgresServer;
  beforeAll(async () => void (server = await PostgresServer.start()));
  afterAll(() => server.stop());

  describeEpisodeStoreContract('PostgreSQL', async () => {
    const url = await server.createSchema();
    return { open: (now) => openPostgresEpisodeStore({ url, now }), close: async () => undefined };
  });
});
