import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The version that is built here and that the tests are made for. Newer ones cannot be built from Go modules: they replace modules with
 * ones that the module proxy does not have.
 */
export const VERSION = '1.13.5';

/** The oldest Go that builds it. */
export const WANTED_GO = 'Go 1.26';

/**
 * The program of a LiveKit server on this machine, and how it was found.
 * @typedef {{ path: string, from: string } | { path: undefined, problem: string }} FoundServer
 */

/**
 * Where a server that was built here is kept: outside the checkout, so that every checkout of this user finds it.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function builtServer(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley', `livekit-server-${VERSION}`);
}

/**
 * `LIVEKIT_SERVER_PATH`, which must then be right; else `livekit-server` on the PATH; else the one that was built here.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(file: string) => boolean} [isExecutable]
 * @returns {FoundServer}
 */
export function findServer(env = process.env, isExecutable = canExecute) {
  const named = env.LIVEKIT_SERVER_PATH;
  if (named) {
    if (isExecutable(named)) return { path: named, from: 'LIVEKIT_SERVER_PATH' };
    return { path: undefined, problem: `LIVEKIT_SERVER_PATH names no program: ${named}` };
  }
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'livekit-server'))
    .find(isExecutable);
  if (onPath) return { path: onPath, from: 'the PATH' };
  const built = builtServer(env);
  if (isExecutable(built)) return { path: built, from: 'an earlier build' };
  return { path: undefined, problem: 'no LiveKit server found (livekit-server is not on the PATH, LIVEKIT_SERVER_PATH is not set)' };
}

/**
 * Whether this output of `go version` is of a Go that builds the server.
 * @param {string} output such as `go version go1.26.8 linux/amd64`
 */
export function goFits(output) {
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(output) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 26);
}

/** Whether this machine has a Go that builds the server. */
export function hasGo() {
  // Go would otherwise download a newer one of itself, which is not ours to decide.
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } });
  return status === 0 && goFits(stdout);
}

/** Whether a Docker engine answers: the command alone is of no use. */
export function hasDocker() {
  return spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 5_000, stdio: 'ignore' }).status === 0;
}

/** @param {string} file */
function canExecute(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
