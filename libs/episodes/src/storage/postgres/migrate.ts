import type { PoolClient } from 'pg';
import { EpisodeStoreError } from '../episode-store';
import { MIGRATIONS } from '../sql/schema';
import { inTransaction } from './in-transaction';

/** Any number that nothing else in the database uses as an advisory lock. */
const LOCK = 7_251_904_113;

/** Brings the database to the newest version, in one transaction. Servers that start at the same time wait for each other. */
export function migrate(client: PoolClient): Promise<void> {
  return inTransaction(client, async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS episode_store_version (version INTEGER NOT NULL)');
    const { rows } = await client.query<{ version: number }>('SELECT version FROM episode_store_version');
    const version = rows[0]?.version ?? 0;
    if (version > MIGRATIONS.length)
      throw new EpisodeStoreError('newer_schema', `the database has version ${version}, and this program knows ${MIGRATIONS.length}`);
    for (const statement of MIGRATIONS.slice(version).flat()) await client.query(statement);
    await client.query('DELETE FROM episode_store_version');
    await client.query('INSERT INTO episode_store_version VALUES ($1)', [MIGRATIONS.length]);
  });
}
