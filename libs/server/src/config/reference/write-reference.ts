/** The program behind `npm run generate:configuration`: writes the files that document the configuration. */
import { writeFileSync } from 'node:fs';
import { referenceFiles } from './reference-files';

for (const [path, text] of Object.entries(referenceFiles())) {
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
