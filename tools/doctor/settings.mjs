import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where a setting comes from. The environment wins over `.env`, as it does for the server. Values of keys are never printed.
 * @typedef {{ value: string, from: 'the environment' | '.env' } | undefined} Setting
 */

/**
 * Looks settings up in the environment, then in the `.env` of a folder. An empty value counts as absent.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {(name: string) => Setting}
 */
export function settingsOf(folder, env = process.env) {
  const file = parseEnvFile(readIfThere(join(folder, '.env')));
  return (name) => {
    const own = env[name];
    if (own) return { value: own, from: 'the environment' };
    const value = file.get(name);
    return value ? { value, from: '.env' } : undefined;
  };
}

/**
 * Lines of `NAME=value`, quoted or not. Node's own parser is missing on the oldest Node that must run this.
 * @param {string} text
 * @returns {Map<string, string>}
 */
export function parseEnvFile(text) {
  return new Map(
    [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^#\r\n]*))/gm)].map(
      ([, name, double, single, bare]) => [name, (double ?? single ?? bare).trim()],
    ),
  );
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
