import { spawnSync } from 'node:child_process';
import { ROOT } from '../setup/paths.mjs';
import { shippedPackages } from './shipped-packages.mjs';

/** @typedef {{ 'bom-ref': string, type: string, name: string, version: string, purl: string, licenses: { license: { id: string } }[] }} Component */

/**
 * The bill of materials of what is shipped, in the format CycloneDX: what npm says of the servers' packages, and those in the page, which npm
 * takes for tools of the build.
 * @returns {{ metadata: { component: { name: string } }, components: Component[] }}
 */
export function billOfMaterials() {
  const args = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`npm sbom failed:\n${stderr}`);
  const bill = JSON.parse(stdout);
  // npm takes the name of the folder.
  bill.metadata.component.name = 'parley';
  const known = new Set(bill.components.map((/** @type {Component} */ { purl }) => purl));
  bill.components.push(
    ...shippedPackages()
      .map(componentOf)
      .filter(({ purl }) => !known.has(purl)),
  );
  return bill;
}

/**
 * @param {import('./shipped-packages.mjs').ShippedPackage} shipped
 * @returns {Component}
 */
function componentOf({ name, version, licence }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { 'bom-ref': `${name}@${version}`, type: 'library', name, version, purl, licenses: [{ license: { id: licence } }] };
}
