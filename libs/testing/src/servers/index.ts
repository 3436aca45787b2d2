/** Servers of other projects that the tests start for themselves. */
export { NginxServer } from './nginx-server';
export { PostgresServer } from './postgres-server';
export { PrivateServer, type PrivateServerOptions } from './private-server';
export { RedisServer } from './redis-server';
