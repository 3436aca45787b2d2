import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtServer, findServer, hasGo, VERSION, WANTED_GO } from './server-program.mjs';

/** Its go.mod and go.sum name every module with its checksum, so that everybody builds the same program. */
const MODULE = fileURLToPath(new URL('./go', import.meta.url));
const PACKAGE = 'github.com/livekit/livekit-server/cmd/server';

/**
 * Builds the server into the cache folder, with Go. Takes some minutes once, and needs the module proxy. Returns whether it worked; what went wrong
 * Go has printed.
 * @returns {boolean}
 */
export function buildServer() {
  const target = builtServer();
  // Nobody finds half a program there, also when two build at once.
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  const args = ['build', '-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags=-s -w', '-o', unfinished, PACKAGE];
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local', GOWORK: 'off' };
  const { status } = spawnSync('go', args, { cwd: MODULE, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) renameSync(unfinished, target);
  else rmSync(unfinished, { force: true });
  return status === 0;
}

/**
 * For the tests with rooms: builds the server where there is none and a Go that can. Says in one line what it does; the tests tell what is missing.
 * @param {{ find?: typeof findServer, canBuild?: () => boolean, build?: () => boolean, log?: (line: string) => void }} [ports]
 */
export function provideServer({ find = findServer, canBuild = hasGo, build = buildServer, log = console.log } = {}) {
  const found = find();
  // A wrong LIVEKIT_SERVER_PATH is to be corrected, not to be built around.
  if (found.path !== undefined || process.env.LIVEKIT_SERVER_PATH || !canBuild()) return;
  log(`Tests with rooms: building LiveKit server ${VERSION} with Go, some minutes, once (needs ${WANTED_GO} and a network) ...`);
  if (!build()) log('That failed, see above. The tests with rooms will not run.');
}
