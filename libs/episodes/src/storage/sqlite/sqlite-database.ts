import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { EpisodeStoreError } from '../episode-store';
import { type ChangeListener, ChangeListeners } from '../sql/change-listeners';
import { MIGRATIONS } from '../sql/schema';
import type { SqlDatabase, SqlRow, SqlTransaction, SqlValue } from '../sql/sql-database';

export interface SqliteOptions {
  /** `:memory:` for one that is gone when it is closed. */
  path: string;
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
}

/** How long others may keep the database to themselves. */
const BUSY_TIMEOUT_MS = 10_000;
const MAX_PAUSE_MS = 16;
const SQLITE_BUSY = 5;
/** Extended codes, such as that the database is being recovered, have the basic one in their lowest byte. */
const BASIC_CODE = 0xff;

/**
 * SQLite in one file. Several processes on one machine may use it. Node's binding has no asynchronous form: each statement blocks the event
 * loop, and a transaction does so for some tenths of a millisecond in all. A transaction has the database to itself.
 */
export class SqliteDatabase implements SqlDatabase {
  readonly lockRows = '';
  readonly lockFreeRows = '';
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #statements = new Map<string, StatementSync>();
  readonly #listeners = new ChangeListeners();
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** Opens the file, makes it if it does not exist, and brings it to the newest version. Throws `newer_schema`. */
  constructor({ path, now = Date.now }: SqliteOptions) {
    this.#now = now;
    this.#database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      // With a write-ahead log, readers do not wait for a writer. NORMAL survives a killed process; FULL would also keep the last transactions when
      // the power fails, but block the event loop, and with it everybody's audio, for the disk at each of them.
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      this.#migrate();
      // SQLite would wait by blocking the event loop, and with it a transaction of this process that it waits for.
      this.#database.exec('PRAGMA busy_timeout = 0');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  transaction<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#run(work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  onChange(listener: ChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    await this.#last;
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#database.close();
  }

  async #run<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    const changes = new Map<string, number>();
    await this.#begin();
    let result: T;
    try {
      result = await work({
        nowMs: this.#now(),
        query: async (sql, ...values) => this.#query(sql, values),
        changed: (episodeId, version) => changes.set(episodeId, version),
      });
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    for (const [episodeId, version] of changes) this.#listeners.tell(episodeId, version);
    return result;
  }

  /** Takes the right to write at once: a transaction that first only reads could not get it later if another process wrote in between. */
  async #begin(): Promise<void> {
    const giveUpMs = performance.now() + BUSY_TIMEOUT_MS;
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      try {
        this.#database.exec('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        const isBusy = (Number((error as { errcode?: unknown }).errcode) & BASIC_CODE) === SQLITE_BUSY;
        if (!isBusy || performance.now() > giveUpMs) throw error;
        await sleep(pauseMs);
      }
    }
  }

  #query(sql: string, values: readonly SqlValue[]): readonly SqlRow[] {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    const named = Object.fromEntries(values.map((value, i) => [`$${i + 1}`, value]));
    return statement.all(named) as SqlRow[];
  }

  #migrate(): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const version = Number(this.#database.prepare('PRAGMA user_version').get()?.['user_version']);
      if (version > MIGRATIONS.length)
        throw new EpisodeStoreError('newer_schema', `the database has version ${version}, and this program knows ${MIGRATIONS.length}`);
      for (const statement of MIGRATIONS.slice(version).flat()) this.#database.exec(statement);
      this.#database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
