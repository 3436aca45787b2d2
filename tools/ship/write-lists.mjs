/** `node tools/ship/write-lists.mjs`: writes the bill of materials and the licences of what is shipped into dist/shipped. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { billOfMaterials } from './bill-of-materials.mjs';
import { licenceList } from './licence-list.mjs';

const folder = join(ROOT, 'dist/shipped');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(), null, 2)}\n`);
writeFileSync(join(folder, 'licences.txt'), licenceList());
console.log(`Written: ${folder}/sbom.cdx.json and licences.txt`);
