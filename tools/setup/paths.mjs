import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The environment of a command as npm gives it to a script: programs of node_modules (the bundled Node among them) come first.
 * @returns {NodeJS.ProcessEnv}
 */
export function scriptEnv() {
  return { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
}
