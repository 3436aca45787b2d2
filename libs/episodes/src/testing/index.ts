export { PostgresServer } from './postgres-server';
export { RedisServer } from './redis-server';
