import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { shippedPackages } from './shipped-packages.mjs';

/** Licences that allow passing the package on in a product under Apache-2.0, as long as their texts go with it. */
export const ALLOWED_LICENCES = new Set([
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['(Apache-2.0 AND BSD-3-Clause)', '(MIT OR CC0-1.0)'],
]);

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** One text with every shipped package, its licence, and the texts that it comes with. */
export function licenceList() {
  const parts = shippedPackages().map(({ name, version, licence, path }) => {
    const folder = join(ROOT, path);
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => LICENCE_FILE.test(file)) : [];
    return [`${name} ${version}: ${licence}`, ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n');
  });
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
