import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEpisodeStore } from '../open-episode-store';
import { sampleEpisode } from '../testing/sample-records';
import { SqliteDatabase } from './sqlite-database';

describe('the SQLite database', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    path = join(folder, 'episodes.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('of a newer version of the program is refused and left as it is', async () => {
    await openSqliteEpisodeStore({ path }).close();
    const direct = new DatabaseSync(path);
    direct.exec('PRAGMA user_version = 1000');
    expect(() => openSqliteEpisodeStore({ path })).toThrow(expect.objectContaining({ code: 'newer_schema' }));
    expect(direct.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1000 });
    direct.close();
  });

  it('can be kept in memory', async () => {
    const store = openSqliteEpisodeStore({ path: ':memory:' });
    const { id } = await store.createEpisode(sampleEpisode());
    expect(await store.episode(id)).toBeDefined();
    await store.close();
    await store.close();
  });

  it('does nothing of a transaction that fails, and goes on with the next one', async () => {
    const database = new SqliteDatabase({ path });
    const told: string[] = [];
    database.onChange((id) => told.push(id));
    const insert = "INSERT INTO shows (id, details, created_at, updated_at) VALUES ($1, '{}', 0, 0)";
    const failed = database.transaction(async (transaction) => {
      await transaction.query(insert, 'a');
      transaction.changed('a', 1);
      throw new Error('no');
    });
    const next = database.transaction((transaction) => transaction.query('SELECT id FROM shows'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toEqual([]);
    expect(told).toEqual([]);
    await database.close();
  });

  it('waits for a transaction of another connection instead of failing', async () => {
    const database = new SqliteDatabase({ path });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let isOver = false;
    const waiting = database.transaction((transaction) => transaction.query('SELECT id FROM shows')).then(() => (isOver = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    other.exec('ROLLBACK');
    await waiting;
    other.close();
    await database.close();
  });
});
