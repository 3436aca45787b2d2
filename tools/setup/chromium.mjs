import { accessSync, constants } from 'node:fs';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/**
 * The browser of the end-to-end tests: `CHROMIUM_PATH`, which must then be right, or the first known place that has one.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(file: string) => boolean} [isExecutable]
 * @returns {{ path: string } | { path: undefined, problem: string }}
 */
export function findChromium(env = process.env, isExecutable = canExecute) {
  const named = env.CHROMIUM_PATH;
  if (named) return isExecutable(named) ? { path: named } : { path: undefined, problem: `CHROMIUM_PATH names no program: ${named}` };
  const path = CANDIDATES.find(isExecutable);
  return path ? { path } : { path: undefined, problem: `no Chromium found (${CANDIDATES.join(', ')}; CHROMIUM_PATH is not set)` };
}

/** @param {string} file */
function canExecute(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
