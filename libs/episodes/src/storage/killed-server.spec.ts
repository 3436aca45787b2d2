import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '@parley/testing/servers';
import type { EpisodeStore } from './episode-store';
import { openPostgresEpisodeStore, openSqliteEpisodeStore } from './open-episode-store';

const ROOT = join(__dirname, '../../../..');
const SEGMENTS = 40;

describe('a server that is killed while it changes records', () => {
  let folder = '';
  let program = '';
  let postgres: PostgresServer;

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    program = join(folder, 'killed-server.cjs');
    const entry = join(__dirname, 'testing/killed-server.ts');
    // NODE_PATH is for require only.
    const supported = { 'dynamic-import': false };
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', packages: 'external', supported });
  });

  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true });
  });

  async function kill(type: string, address: string): Promise<void> {
    const child = spawn(process.execPath, [program, type, address, String(SEGMENTS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async function expectWhole(store: EpisodeStore): Promise<void> {
    const { items } = await store.episodes({ limit: 200 });
    expect(items.length).toBeGreaterThan(2);
    for (const { id, progress, version } of items) {
      const segments = await store.segments(id);
      expect(segments.map(({ index }) => index)).toEqual(Array.from({ length: SEGMENTS }, (_, i) => i));
      expect(progress.total).toBe(SEGMENTS);
      for (const segment of segments) expect(segment.version).toBeLessThanOrEqual(version);
    }
    // What it did not finish can be done by others.
    const [next] = await store.claimSegments({ owner: 'other', leaseMs: 60_000, limit: 1 });
    expect(next.status).toBe('claimed');
    await store.close();
  }

  it('leaves every change whole or undone in SQLite', async () => {
    const path = join(folder, 'episodes.sqlite');
    await kill('sqlite', path);
    await expectWhole(openSqliteEpisodeStore({ path }));
  });

  it('leaves every change whole or undone in PostgreSQL', async () => {
    const url = await postgres.createSchema();
    await kill('postgres', url);
    await expectWhole(await openPostgresEpisodeStore({ url }));
  });
});
