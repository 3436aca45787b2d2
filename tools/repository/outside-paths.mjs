/** Finds paths of files outside the repository, which would tie it to one machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Made by installing, building and testing; not part of the repository. */
const GENERATED = new Set(['.git', 'node_modules', 'dist', 'tmp', 'coverage', '.nx', '.angular']);
const NOT_TEXT = /\.(wav|webm|bin|png|ico|woff2)$|(^|\/)package-lock\.json$/;

/** `../…` as it stands in imports, strings, links and scripts. */
const RELATIVE = /(?<![\w./])(?:\.\.\/)+[\w@.\-/]*/g;
/** Folders of one person's or one company's machine; the system's own (/usr, /etc, /tmp) are on every machine. */
const ABSOLUTE = /(?<![\w.:/>])\/(?:home|root|Users|work|workspace|mnt)\/[\w.\-/]+/g;
/** Specs that contain such paths on purpose, to test that they are found. */
const SPEC = /\.(spec|e2e)\.(ts|mjs)$/;

/**
 * Every text file of the repository, with `/` between folders.
 * @param {string} root
 * @returns {string[]}
 */
export function repositoryFiles(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (GENERATED.has(entry.name)) return [];
    if (entry.isDirectory()) return repositoryFiles(root, path);
    const file = relative(root, path).split(sep).join('/');
    return NOT_TEXT.test(file) || !entry.isFile() ? [] : [file];
  });
}

/**
 * The paths in a file that lead out of the repository, or that say `../` and lead nowhere in it: a program that joins those to another
 * folder than its own means something beside the checkout. Specs may name files that are not there, but none outside.
 * @param {string} root
 * @param {string} file relative to the root
 * @param {string} [text] by default what the file holds
 * @returns {string[]}
 */
export function outsidePaths(root, file, text = readFileSync(join(root, file), 'utf8')) {
  const relatives = [...text.matchAll(RELATIVE)].map(([path]) => path);
  const outside = relatives.filter((path) => {
    const target = join(root, dirname(file), path);
    if (relative(root, target).startsWith('..')) return true;
    return !SPEC.test(file) && !isThere(target) && !isBuilt(file, path);
  });
  return [...outside, ...[...text.matchAll(ABSOLUTE)].map(([path]) => path)];
}

/** @param {string} target a file or folder; imports leave out its ending */
function isThere(target) {
  return ['', '.ts', '.mjs', '.js', '/index.ts'].some((ending) => existsSync(target + ending));
}

/**
 * Paths that are there once the workspace is built: below dist, or next to the built server.
 * @param {string} file
 * @param {string} path
 */
function isBuilt(file, path) {
  return /(^|\/)dist(\/|$)/.test(path) || (file === 'apps/api/src/main.ts' && path.endsWith('web/browser'));
}
