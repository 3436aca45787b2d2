/**
 * The packages of the operating system (Debian, Ubuntu) that npm cannot bring: those behind the built-in simulated vendors, which are real
 * recognition and synthesis with no key and no download of weights, and a browser and servers for the tests.
 * The product starts without them (typed input, the browser's voice), so nothing here ever stops a start.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';

const POSTGRES_DIR = '/usr/lib/postgresql';
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
 * The browser's package where no browser is found that the tests can use.
 * @returns {string[]}
 */
export function missingBrowserPackages(found = findChromium(), osRelease = readOsRelease()) {
  if (found.path !== undefined) return [];
  // Ubuntu has no package `chromium`; this one brings the snap.
  return [/^ID=ubuntu$/m.test(osRelease) ? 'chromium-browser' : 'chromium'];
}

/**
 * The packages of the servers that tests start for themselves, with their data in temporary folders.
 * @param {readonly string[]} [postgresVersions]
 * @param {(file: string) => boolean} [hasFile]
 * @returns {string[]}
 */
export function missingServerPackages(postgresVersions = installedPostgresVersions(), hasFile = existsSync) {
  const hasPostgres = postgresVersions.some((version) => hasFile(join(POSTGRES_DIR, version, 'bin/initdb')));
  return [
    ...(hasPostgres ? [] : ['postgresql']),
    ...(hasFile('/usr/bin/redis-server') ? [] : ['redis-server']),
    ...(hasFile('/usr/sbin/nginx') ? [] : ['nginx-light']),
  ];
}

/** Each version has a folder of its own; one that only has the client has no `initdb`. */
function installedPostgresVersions() {
  return existsSync(POSTGRES_DIR) ? readdirSync(POSTGRES_DIR) : [];
}

/** What the unit and end-to-end tests need and this machine lacks. */
export function missingTestPackages() {
  return [...missingSpeechPackages(), ...missingBrowserPackages(), ...missingServerPackages()];
}

function readOsRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
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
 * Installs missing packages where this process may, and says in one line what it does or what to do. Silent when all is there.
 * @param {string} purpose what they are for, such as `Embedded speech`
 * @param {() => string[]} missing the names of the packages that are not there
 * @param {{ mayInstall?: () => boolean, install?: (packages: readonly string[]) => boolean, log?: (line: string) => void }} [ports]
 */
export function providePackages(purpose, missing, { mayInstall = mayInstallPackages, install = installPackages, log = console.log } = {}) {
  const packages = missing();
  if (packages.length === 0) return;
  const names = packages.join(' ');
  if (!mayInstall()) {
    log(`${purpose} needs ${names} (Debian, Ubuntu): ${installCommand(packages)}`);
    return;
  }
  log(`${purpose}: installing ${names} with apt-get (PARLEY_SKIP_SYSTEM_PACKAGES=1 skips this) ...`);
  if (!install(packages)) log(`That failed (no network?). To try again by hand: ${installCommand(packages)}`);
}

/** @returns {(library: string) => boolean} */
function libraryCache() {
  // Not on the PATH of every user; absent where there is no glibc.
  const { stdout } = spawnSync(existsSync('/sbin/ldconfig') ? '/sbin/ldconfig' : 'ldconfig', ['-p'], { encoding: 'utf8' });
  const cache = stdout ?? '';
  return (library) => cache.includes(`\t${library} `);
}
