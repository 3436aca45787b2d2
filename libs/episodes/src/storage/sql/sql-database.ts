export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Statements that take effect together. Placeholders are `$1`, `$2` and so on. */
export interface SqlTransaction {
  query(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** The time of the transaction by the clock that all servers share, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Reports a change, if the transaction is committed. */
  changed(episodeId: string, version: number): void;
}

/** The part of SQL that SQLite and PostgreSQL have in common, and what else differs between them. */
export interface SqlDatabase {
  /** Appended to `SELECT` of rows that will be changed. Empty where a transaction has the whole database to itself. */
  readonly lockRows: string;
  /** The same, but leaves out rows that another transaction has locked. */
  readonly lockFreeRows: string;
  /** Runs `work` in a transaction, which is rolled back if it throws. `work` may be called again after a conflict with another one. */
  transaction<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T>;
  onChange(listener: (episodeId: string, version: number) => void): () => void;
  close(): Promise<void>;
}
