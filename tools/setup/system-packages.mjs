/**
 * The Debian packages behind the built-in simulated vendors: real recognition and real synthesis with no key and no download of weights.
 * The product starts without them (typed input, the browser's voice), so nothing here ever stops a start.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const MODEL_DIR = '/usr/share/pocketsphinx/model/en-us';

/** @type {readonly { name: string, libraries: readonly string[], files: readonly string[] }[]} What shows that a package is there. */
const SPEECH_PACKAGES = [
  { name: 'libpocketsphinx3', libraries: ['libpocketsphinx.so.3', 'libsphinxbase.so.3'], files: [] },
  {
    name: 'pocketsphinx-en-us',
    libraries: [],
    files: ['en-us/mdef', 'en-us.lm.bin', 'cmudict-en-us.dict'].map((file) => join(MODEL_DIR, file)),
  },
  {
    name: 'libflite1',
    libraries: ['libflite.so.1', 'libflite_usenglish.so.1', 'libflite_cmulex.so.1', 'libflite_cmu_us_slt.so.1'],
    files: [],
  },
];

/**
 * The speech packages of which something is missing. Takes a few milliseconds: one `ldconfig -p` and three file checks.
 * @param {(library: string) => boolean} [hasLibrary]
 * @param {(file: string) => boolean} [hasFile]
 * @returns {string[]}
 */
export function missingSpeechPackages(hasLibrary = libraryCache(), hasFile = existsSync) {
  return SPEECH_PACKAGES.filter(({ libraries, files }) => !libraries.every(hasLibrary) || !files.every(hasFile)).map(({ name }) => name);
}

/**
 * The exact command that installs packages by hand.
 * @param {readonly string[]} packages
 */
export function installCommand(packages) {
  // A container's root often has no sudo.
  const asRoot = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${asRoot}apt-get update && ${asRoot}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Whether this process may install packages: root, on a system with apt-get. */
export function mayInstallPackages() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/**
 * Installs packages with apt-get and says whether it worked.
 * @param {readonly string[]} packages
 */
export function installPackages(packages) {
  // Another apt may be at work (unattended upgrades): wait for it. Without a network: give up soon.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', 'ignore', 'inherit'];
  // A failed update alone is no reason to stop: the lists of an earlier one may do.
  spawnSync('apt-get', [...options, 'update'], { env, stdio });
  return spawnSync('apt-get', [...options, 'install', '-y', '--no-install-recommends', ...packages], { env, stdio }).status === 0;
}

/**
 * Installs the missing speech packages where this process may, and says in one line what it does or what to do. Silent when all is there.
 * @param {{ missing?: () => string[], mayInstall?: () => boolean, install?: (packages: readonly string[]) => boolean, log?: (line: string) => void }} [ports]
 */
export function provideSpeechPackages({
  missing = missingSpeechPackages,
  mayInstall = mayInstallPackages,
  install = installPackages,
  log = console.log,
} = {}) {
  const packages = missing();
  if (packages.length === 0) return;
  const names = packages.join(' ');
  if (!mayInstall()) {
    log(`Embedded speech needs ${names} (Debian, Ubuntu): ${installCommand(packages)}`);
    return;
  }
  log(`Installing ${names} with apt-get for embedded speech (PARLEY_SKIP_SYSTEM_PACKAGES=1 skips this) ...`);
  if (!install(packages))
    log(`That failed (no network?). Going on without embedded speech; to try again by hand: ${installCommand(packages)}`);
}

/** @returns {(library: string) => boolean} */
function libraryCache() {
  // Not on the PATH of every user; absent where there is no glibc.
  const { stdout } = spawnSync(existsSync('/sbin/ldconfig') ? '/sbin/ldconfig' : 'ldconfig', ['-p'], { encoding: 'utf8' });
  const cache = stdout ?? '';
  return (library) => cache.includes(`\t${library} `);
}
