import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The programs of the speech processes. */
export interface SpeechChildPaths {
  recogniser: string;
  synthesiser: string;
}

/**
 * The programs in `directory`: `*.js` beside a bundled server, or `*.ts` in the source tree (Node strips the types).
 * Throws when one is in neither form.
 */
export function speechChildPaths(directory: string): SpeechChildPaths {
  return { recogniser: childPath(directory, 'recogniser-child'), synthesiser: childPath(directory, 'synthesiser-child') };
}

function childPath(directory: string, name: string): string {
  const found = [`${name}.js`, `${name}.ts`].map((file) => join(directory, file)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${name}.js or ${name}.ts in ${directory}: build the server first`);
  return found;
}
