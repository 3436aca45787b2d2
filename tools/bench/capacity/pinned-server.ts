import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PinnedProcess, PINNABLE } from './pinned-process';

/** The server has this core for itself... */
export const SERVER_CORE = 0;
/** ...and the bench, with whatever it starts besides, shares this one. */
export const BENCH_CORE = 1;

/** Benches measure what happens above the load at which the server would refuse new conversations. */
const UNLIMITED = { MAX_CPU_PERCENT: '0', MAX_EVENT_LOOP_DELAY_MS: '0', MAX_MEMORY_PERCENT: '0' };
const ADDRESS = /open (http:\/\/127\.0\.0\.1:\d+)/;
/**
 * As `npm start` has them. Node's own settings collect the old generation every few seconds at a hundred sessions, and mark it on a second
 * thread: where there is one core, that takes it away for 20 ms at a time, about ten times in a row.
 */
const NODE_FLAGS = ['--heap-growing-percent=400', '--no-concurrent-marking'];
const serverMain = (): string => resolve('dist/apps/api/main.js');

/** The built server on its core, and its origin, e.g. `http://127.0.0.1:40001`. Throws when there is no build. */
export async function startPinnedServer(env: Readonly<Record<string, string>>): Promise<{ server: PinnedProcess; origin: string }> {
  if (!existsSync(serverMain())) throw new Error('run "nx build api" first');
  const server = await PinnedProcess.start({
    flags: NODE_FLAGS,
    script: serverMain(),
    core: SERVER_CORE,
    env: { PORT: '0', LOCAL_MODEL_PROBE: 'false', NODE_ENV: 'production', ...UNLIMITED, ...env },
    ready: [ADDRESS],
  });
  return { server, origin: server.found[0] ?? '' };
}

/** Leaves the server's core to it. */
export function pinBench(): void {
  if (PINNABLE) spawnSync('taskset', ['-a', '-c', '-p', String(BENCH_CORE), String(process.pid)]);
}
