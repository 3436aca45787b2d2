import type { EpisodeStore } from './episode-store';
import { PostgresDatabase, type PostgresOptions } from './postgres/postgres-database';
import { SqlEpisodeStore } from './sql/sql-episode-store';
import { SqliteDatabase, type SqliteOptions } from './sqlite/sqlite-database';

/** Records in one SQLite file, for one machine. */
export function openSqliteEpisodeStore(options: SqliteOptions): EpisodeStore {
  return new SqlEpisodeStore(new SqliteDatabase(options));
}

/** Records in PostgreSQL, for several servers. */
export async function openPostgresEpisodeStore(options: PostgresOptions): Promise<EpisodeStore> {
  return new SqlEpisodeStore(await PostgresDatabase.open(options));
}
