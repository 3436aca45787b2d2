import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { pageImports } from './page-imports.mjs';

/**
 * A package of which something is in the images: in the folder of the servers' packages, or in the page.
 * @typedef {object} ShippedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} licence an SPDX expression, or `unknown`
 * @property {string} path its folder in the checkout, such as `node_modules/ws`
 */

/** @typedef {{ version: string, license?: string, dev?: boolean, devOptional?: boolean, dependencies?: Record<string, string> }} LockedPackage */

/** @returns {Record<string, LockedPackage>} */
const lockedPackages = () => JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;

/**
 * All packages that are shipped, by name and version: those that `npm ci --omit=dev` installs, and those that the page is built from.
 * @returns {ShippedPackage[]}
 */
export function shippedPackages() {
  const locked = lockedPackages();
  const servers = Object.keys(locked).filter((path) => path !== '' && !locked[path].dev && !locked[path].devOptional);
  const paths = new Set([...servers, ...pagePaths(locked)]);
  const all = [...paths].map((path) => ({
    name: nameOf(path),
    version: locked[path].version,
    licence: locked[path].license ?? licenceIn(path),
    path,
  }));
  const distinct = new Map(all.map((shipped) => [`${shipped.name}@${shipped.version}`, shipped]));
  return [...distinct.values()].sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

/**
 * What the page imports, with all that those packages depend on.
 * @param {Record<string, LockedPackage>} locked
 */
function pagePaths(locked) {
  /** @type {Set<string>} */
  const reached = new Set();
  const visit = (/** @type {string | undefined} */ path) => {
    if (path === undefined || reached.has(path)) return;
    reached.add(path);
    for (const name of Object.keys(locked[path].dependencies ?? {})) visit(resolved(locked, path, name));
  };
  for (const name of pageImports()) visit(resolved(locked, '', name));
  return reached;
}

/**
 * Where Node would find a package that is imported from this folder.
 * @param {Record<string, LockedPackage>} locked
 * @param {string} from
 * @param {string} name
 * @returns {string | undefined}
 */
function resolved(locked, from, name) {
  const here = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (locked[here]) return here;
  return from === '' ? undefined : resolved(locked, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

/** @param {string} path */
const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/**
 * Old packages have a list of licences, which the lock file leaves out.
 * @param {string} path
 */
function licenceIn(path) {
  const file = join(ROOT, path, 'package.json');
  const types = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).licenses ?? []) : [];
  return types.map((/** @type {{ type: string }} */ { type }) => type).join(' OR ') || 'unknown';
}
