import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

const STAMP = join(ROOT, 'node_modules/.lock-sha256');

/** npm's own record of what it put into node_modules; written last. */
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const LOCK = join(ROOT, 'package-lock.json');

/**
 * Whether node_modules is what the lock names, on this platform: installed by `installDependencies`, or by the user's own `npm ci`.
 * @returns {'installed' | 'outdated' | 'absent'}
 */
export function dependenciesState() {
  if (!existsSync(INSTALLED)) return 'absent';
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp()) return 'installed';
  return matchesLock(readPackages(LOCK), readPackages(INSTALLED), process) ? 'installed' : 'outdated';
}

/**
 * The part of a lock's entry that is looked at.
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 */

/**
 * Whether every package that the lock wants on this platform is installed in the version it names, and nothing else is.
 * Optional packages for another platform are never installed; of those that no platform field tells apart, either is right.
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 * @param {{ platform: string, arch: string }} machine
 */
export function matchesLock(locked, installed, { platform, arch }) {
  const same = Object.entries(installed).every(
    ([path, { version, integrity }]) => path in locked && locked[path].version === version && locked[path].integrity === integrity,
  );
  const complete = Object.entries(locked).every(([path, { optional, os, cpu, libc }]) => {
    if (path === '' || path in installed) return true;
    return optional === true && !(libc === undefined && os?.includes(platform) && cpu?.includes(arch));
  });
  return same && complete;
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/**
 * Installs what the lock names. Returns npm's exit code: 0 when it worked.
 * @returns {number}
 */
export function installDependencies() {
  rmSync(STAMP, { force: true });
  // npm's own entry file where npm started us: the same npm, and no shell on Windows.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) writeFileSync(STAMP, wantedStamp());
  return status ?? 1;
}

function wantedStamp() {
  return createHash('sha256')
    .update(readFileSync(LOCK))
    .update(process.platform + process.arch)
    .digest('hex');
}
