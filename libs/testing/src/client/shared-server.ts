import { readFileSync } from 'node:fs';
import { type Server, type ServerProcess } from './server-process';

/** Jest's set-up and tear-down share `globalThis`, suites only the environment. */
const PROCESS_KEY = Symbol.for('parley-e2e-server');
const URL_VARIABLE = 'PARLEY_E2E_SERVER_URL';
const LOG_VARIABLE = 'PARLEY_E2E_SERVER_LOG';

export function keepSharedServer(server: ServerProcess): void {
  Reflect.set(globalThis, PROCESS_KEY, server);
  process.env[URL_VARIABLE] = server.url;
  process.env[LOG_VARIABLE] = server.logFile;
}

export function sharedServerProcess(): ServerProcess | undefined {
  return Reflect.get(globalThis, PROCESS_KEY) as ServerProcess | undefined;
}

/** The keyless server that all suites share: every stage runs on the simulator inside. */
export function sharedServer(): Server {
  const { [URL_VARIABLE]: url, [LOG_VARIABLE]: logFile } = process.env;
  if (url === undefined || logFile === undefined) throw new Error('the shared server is not running');
  return { url, log: () => readFileSync(logFile, 'utf8') };
}
