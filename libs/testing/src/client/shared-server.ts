import { readFileSync } from 'node:fs';
import { type Server, type ServerProcess } from './server-process';

/** Jest's setup and teardown share `globalThis`; suites share only the environment variables. */
const PROCESSES_KEY = Symbol.for('parley-e2e-servers');
const SERVERS_VARIABLE = 'PARLEY_E2E_SERVERS';

interface Address {
  readonly url: string;
  readonly logFile: string;
}

export function keepSharedServers(servers: readonly ServerProcess[]): void {
  Reflect.set(globalThis, PROCESSES_KEY, servers);
  process.env[SERVERS_VARIABLE] = JSON.stringify(servers.map(({ url, logFile }): Address => ({ url, logFile })));
}

export function sharedServerProcesses(): readonly ServerProcess[] {
  return (Reflect.get(globalThis, PROCESSES_KEY) as readonly ServerProcess[] | undefined) ?? [];
}

/**
 * The server without keys that all suites of a jest worker share; every stage is simulated. Each worker has its own, so that a
 * suite may check that no resources are left on it.
 */
export function sharedServer(): Server {
  const addresses = JSON.parse(process.env[SERVERS_VARIABLE] ?? '[]') as readonly Address[];
  const address = addresses.at(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1);
  if (address === undefined) throw new Error('the shared server is not running');
  const { url, logFile } = address;
  return { url, log: () => readFileSync(logFile, 'utf8') };
}
