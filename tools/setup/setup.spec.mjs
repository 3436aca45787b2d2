import { findChromium } from './chromium.mjs';
import { matchesLock } from './dependencies.mjs';
import { fits } from './node-version.mjs';
import {
  installCommand,
  missingBrowserPackages,
  missingServerPackages,
  missingSpeechPackages,
  providePackages,
} from './system-packages.mjs';

describe('which Node fits', () => {
  it.each([
    ['24.15.0', true],
    ['24.21.0', true],
    ['26.0.0', true],
    ['27.1.0', true],
    ['24.14.9', false],
    ['25.3.0', false],
    ['22.20.0', false],
    ['', false],
  ])('%s: %s', (version, expected) => {
    expect(fits(version)).toBe(expected);
  });
});

describe('whether node_modules matches the lock file', () => {
  const machine = { platform: 'linux', arch: 'x64' };
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const native = { version: '1.0.0', integrity: 'sha512-n', optional: true, os: ['linux'], cpu: ['x64'] };
  const foreign = { ...native, os: ['darwin'] };
  const lock = { '': { version: '0.1.0' }, 'node_modules/a': a };

  it.each([
    ['exactly that', lock, { 'node_modules/a': a }, true],
    ['a package that is missing', lock, {}, false],
    ['another version', lock, { 'node_modules/a': { ...a, version: '1.0.1' } }, false],
    ['the same version with other content', lock, { 'node_modules/a': { ...a, integrity: 'sha512-b' } }, false],
    ['a package too many', lock, { 'node_modules/a': a, 'node_modules/b': a }, false],
    ['without the binary of this platform', { 'node_modules/n': native }, {}, false],
    ['without the binary of another platform', { 'node_modules/n': foreign }, {}, true],
    ['without the binary of one of two C libraries', { 'node_modules/n': { ...native, libc: ['musl'] } }, {}, true],
    ['without an optional package for no platform in particular', { 'node_modules/o': { ...a, optional: true } }, {}, true],
  ])('%s', (_, locked, installed, expected) => {
    expect(matchesLock(locked, installed, machine)).toBe(expected);
  });
});

describe('the packages of embedded speech', () => {
  const all = () => true;

  it('are all present when every library and file exists', () => {
    expect(missingSpeechPackages(all, all)).toEqual([]);
  });

  it.each([
    ['libsphinxbase.so.3', ['libpocketsphinx3']],
    ['libflite_cmu_us_slt.so.1', ['libflite1']],
  ])('are reported as missing without the library %s', (absent, expected) => {
    expect(missingSpeechPackages((library) => library !== absent, all)).toEqual(expected);
  });

  it('are reported as missing without the model files, and all of them on a bare system', () => {
    expect(missingSpeechPackages(all, (file) => !file.endsWith('en-us.lm.bin'))).toEqual(['pocketsphinx-en-us']);
    expect(
      missingSpeechPackages(
        () => false,
        () => false,
      ),
    ).toEqual(['libpocketsphinx3', 'pocketsphinx-en-us', 'libflite1']);
  });
});

describe('the browser package', () => {
  const none = /** @type {const} */ ({ path: undefined, problem: 'no Chromium found' });

  it('is not needed if a browser is found', () => {
    expect(missingBrowserPackages({ path: '/usr/bin/google-chrome' }, '')).toEqual([]);
  });

  it.each([
    ['Debian', 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', 'chromium'],
    ['Ubuntu', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'chromium-browser'],
    ['a system that does not say what it is', '', 'chromium'],
  ])('has the right name on %s', (_, osRelease, expected) => {
    expect(missingBrowserPackages(none, osRelease)).toEqual([expected]);
  });
});

describe('the packages of servers for tests', () => {
  const [INITDB, REDIS, NGINX] = ['/usr/lib/postgresql/15/bin/initdb', '/usr/bin/redis-server', '/usr/sbin/nginx'];
  /** @type {[name: string, versions: string[], files: string[], expected: string[]][]} */
  const cases = [
    ['are present with any version of PostgreSQL', ['13', '15'], [INITDB, REDIS, NGINX], []],
    ['are missing with the client alone', ['15'], [REDIS, NGINX], ['postgresql']],
    ['are missing without Redis', ['15'], [INITDB, NGINX], ['redis-server']],
    ['are missing without nginx', ['15'], [INITDB, REDIS], ['nginx-light']],
    ['are missing on a bare system', [], [], ['postgresql', 'redis-server', 'nginx-light']],
  ];
  it.each(cases)('%s', (_, versions, files, expected) => {
    expect(missingServerPackages(versions, (file) => files.includes(file))).toEqual(expected);
  });
});

describe('providing operating system packages', () => {
  const packages = ['libflite1', 'chromium'];

  /** @param {{ missing?: string[], mayInstall?: boolean, works?: boolean }} machine */
  function provide({ missing = packages, mayInstall = true, works = true }) {
    /** @type {string[]} */
    const lines = [];
    /** @type {(readonly string[])[]} */
    const installed = [];
    providePackages('Embedded speech', () => missing, {
      mayInstall: () => mayInstall,
      install: (names) => {
        installed.push(names);
        return works;
      },
      log: (line) => lines.push(line),
    });
    return { lines, installed };
  }

  it('does nothing when nothing is missing', () => {
    expect(provide({ missing: [] })).toEqual({ lines: [], installed: [] });
  });

  it('installs missing packages and reports it in one line', () => {
    const { lines, installed } = provide({});
    expect(installed).toEqual([packages]);
    expect(lines).toEqual([expect.stringMatching(/^Embedded speech: installing libflite1 chromium/)]);
  });

  it('only prints the command if it may not install', () => {
    const { lines, installed } = provide({ mayInstall: false });
    expect(installed).toEqual([]);
    expect(lines).toEqual([expect.stringContaining(installCommand(packages))]);
  });

  it('continues when the installation fails, and prints the command to try again', () => {
    const { lines } = provide({ works: false });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(installCommand(packages));
  });
});

describe('the browser of the end-to-end tests', () => {
  it('is the first known browser that exists', () => {
    expect(findChromium({}, (file) => file === '/usr/bin/google-chrome')).toEqual({ path: '/usr/bin/google-chrome' });
    expect(findChromium({}, () => true)).toEqual({ path: '/usr/bin/chromium' });
  });

  it('is the browser that CHROMIUM_PATH names', () => {
    expect(findChromium({ CHROMIUM_PATH: '/opt/chrome' }, () => true)).toEqual({ path: '/opt/chrome' });
  });

  it('is reported as missing when CHROMIUM_PATH is wrong, even if another browser exists', () => {
    expect(findChromium({ CHROMIUM_PATH: '/opt/chrome' }, (file) => file !== '/opt/chrome')).toEqual({
      path: undefined,
      problem: expect.stringContaining('/opt/chrome'),
    });
    expect(findChromium({}, () => false)).toEqual({ path: undefined, problem: expect.stringContaining('no Chromium found') });
  });
});
