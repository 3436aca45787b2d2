import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';

/** The projects whose code is bundled into the page, and with it the packages that they import. */
const PAGE_PROJECTS = [
  ...['apps/web', 'libs/angular', 'libs/client', 'libs/audio', 'libs/audio-worklets'],
  ...['libs/narration', 'libs/protocol', 'libs/conversation'],
];
const NOT_SHIPPED = /\.spec\.ts$|(^|\/)testing\//;
const IMPORT = /\b(?:from|import)\s*\(?\s*'([^'.][^']*)'/g;

/**
 * The packages that the page's code names, sorted. They are development dependencies, because the build puts them into the page: parts of
 * them are shipped all the same.
 * @returns {string[]}
 */
export function pageImports() {
  const found = PAGE_PROJECTS.flatMap((project) =>
    readdirSync(join(ROOT, project, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !NOT_SHIPPED.test(file))
      .flatMap((file) => [...readFileSync(join(ROOT, project, 'src', file), 'utf8').matchAll(IMPORT)].map(([, name]) => name)),
  );
  const packages = found.filter((name) => !/^(node:|@parley\/)/.test(name)).map(packageOf);
  return [...new Set(packages)].sort();
}

/** @param {string} specifier such as `rxjs/operators` */
function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
