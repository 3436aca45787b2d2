export * from './episode-store';
export * from './open-episode-store';
export type { PostgresOptions } from './postgres/postgres-database';
export * from './records';
export { isStoreAway } from './store-is-away';
export type { SqliteOptions } from './sqlite/sqlite-database';
