/**
 * Runs a TypeScript tool that imports our libs by alias: `node tools/run-ts.mjs tools/bench/latency.ts [arguments]`.
 * The entry is bundled into dist/tools/<name>.js (packages stay outside, decorators keep their metadata) and imported; it sees its arguments
 * as if it had been started itself.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fits, scriptNodeVersion, WANTED_NODE } from './setup/node-version.mjs';
import { ROOT, scriptEnv } from './setup/paths.mjs';

/** @type {import('esbuild').BuildOptions} The same as the api's build. */
const decoratorOptions = createRequire(import.meta.url)('./build/esbuild.api.cjs');

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('Usage: node tools/run-ts.mjs <entry.ts> [arguments]');
  process.exit(2);
}

if (fits(process.versions.node)) await runEntry(resolve(entry));
else process.exitCode = runAgainOnFittingNode();

/** @param {string} path */
async function runEntry(path) {
  const outfile = join(ROOT, 'dist/tools', `${basename(path).replace(/\.[cm]?ts$/, '')}.js`);
  await build({
    ...decoratorOptions,
    entryPoints: [path],
    outfile,
    absWorkingDir: ROOT,
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'warning',
  });
  process.argv = [process.execPath, outfile, ...args];
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(outfile).href);
}

/** Outside npm scripts `node` may be the machine's own, older one. */
function runAgainOnFittingNode() {
  if (!fits(scriptNodeVersion())) {
    console.error(`Node ${process.versions.node} is too old: npm run bootstrap, or install ${WANTED_NODE}.`);
    return 1;
  }
  return spawnSync('node', [fileURLToPath(import.meta.url), entry, ...args], { stdio: 'inherit', env: scriptEnv() }).status ?? 1;
}
