import type * as Pg from 'pg';
import type { Pool, PoolClient } from 'pg';
import { type ChangeListener, ChangeListeners } from '../sql/change-listeners';
import { EpisodeStoreError } from '../episode-store';
import type { SqlDatabase, SqlRow, SqlTransaction, SqlValue } from '../sql/sql-database';
import { ChangeChannel } from './change-channel';
import { inTransaction } from './in-transaction';
import { isUnavailable } from './is-unavailable';
import { migrate } from './migrate';

export interface PostgresOptions {
  /** `postgres://user:password@host/database` */
  url: string;
  /** Milliseconds since the epoch. Default: the database's clock, so that all servers agree when a claim ends. */
  now?: () => number;
  /** Connections at most. Default: 10. */
  maxConnections?: number;
  /** A connection was lost outside a transaction. A new one is made when it is needed. */
  onConnectionLost?: (error: Error) => void;
}

const INT8 = 20;
/** A server that does not answer at all must not keep requests waiting. */
const CONNECT_TIMEOUT_MS = 5_000;
const NUMERIC = 1700;
/** Serialisation failure and deadlock: nothing was done, and it can be tried again. */
const CONFLICTS: ReadonlySet<unknown> = new Set(['40001', '40P01']);
const MAX_TRIES = 5;

/** PostgreSQL, for several servers. Claims lock the rows of their episode, and pass over those that are locked. */
export class PostgresDatabase implements SqlDatabase {
  readonly lockRows = 'FOR UPDATE';
  readonly lockFreeRows = 'FOR UPDATE SKIP LOCKED';
  readonly #pool: Pool;
  readonly #now: (() => number) | undefined;
  readonly #listeners = new ChangeListeners();
  readonly #channel: ChangeChannel;
  #closed: Promise<void> | undefined;

  private constructor({ url, now, maxConnections = 10, onConnectionLost = () => undefined }: PostgresOptions, pg: typeof Pg) {
    this.#now = now;
    const { types } = pg;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      // All numbers of the schema are counts or times, which a double holds exactly.
      types: { getTypeParser: (type, format) => (type === INT8 || type === NUMERIC ? Number : types.getTypeParser(type, format)) },
    });
    this.#pool.on('error', onConnectionLost);
    const onChange: ChangeListener = (episodeId, version) => this.#listeners.tell(episodeId, version);
    this.#channel = new ChangeChannel({ url, onChange, onConnectionLost, Client: pg.Client });
  }

  /** Connects, and brings the database to the newest version; one server at a time. Throws `newer_schema`. */
  static async open(options: PostgresOptions): Promise<PostgresDatabase> {
    // Loaded only by servers that have such a database.
    const database = new PostgresDatabase(options, await import('pg'));
    try {
      await database.#withClient(migrate);
    } catch (error) {
      await database.close();
      throw asUnavailable(error);
    }
    return database;
  }

  async transaction<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#withClient((client) => this.#run(client, work));
      } catch (error) {
        if (tries === MAX_TRIES || !CONFLICTS.has((error as { code?: unknown }).code)) throw asUnavailable(error);
      }
    }
  }

  onChange(listener: ChangeListener): () => void {
    this.#channel.listen();
    return this.#listeners.add(listener);
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([this.#pool.end(), this.#channel.close()]).then(() => undefined);
    return this.#closed;
  }

  async #run<T>(client: PoolClient, work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    const changes = new Map<string, number>();
    const nowMs = this.#now?.() ?? (await databaseTime(client));
    const result = await inTransaction(client, async () => {
      const done = await work({
        nowMs,
        query: async (sql, ...values) => (await client.query<SqlRow, SqlValue[]>(sql, [...values])).rows,
        changed: (episodeId, version) => changes.set(episodeId, version),
      });
      await this.#channel.tell(client, changes);
      return done;
    });
    for (const [episodeId, version] of changes) this.#listeners.tell(episodeId, version);
    return result;
  }

  async #withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let isLost = false;
    const onLost = () => void (isLost = true);
    // Without a listener, a connection that is lost during a transaction would end the process.
    client.on('error', onLost);
    try {
      return await work(client);
    } finally {
      client.off('error', onLost);
      client.release(isLost);
    }
  }
}

function asUnavailable(error: unknown): unknown {
  return isUnavailable(error) ? new EpisodeStoreError('unavailable', 'PostgreSQL does not answer', { cause: error }) : error;
}

async function databaseTime(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ now: number }>('SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now');
  return rows[0].now;
}
