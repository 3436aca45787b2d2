import { spawnSync } from 'node:child_process';
import { ROOT, scriptEnv } from './paths.mjs';

/** What package.json's `engines` says, in words. */
export const WANTED_NODE = 'Node 24.15 or newer';

/**
 * Whether this version runs the product and its tests.
 * @param {string} version such as `24.21.0`
 */
export function fits(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 24 && minor >= 15) || major >= 26;
}

/** The version that npm scripts reach: the bundled one where the lock brings one, else the machine's; empty without any. */
export function scriptNodeVersion() {
  const { stdout } = spawnSync('node', ['-p', 'process.versions.node'], { cwd: ROOT, encoding: 'utf8', env: scriptEnv() });
  return (stdout ?? '').trim();
}
