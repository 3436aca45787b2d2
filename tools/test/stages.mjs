import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findServer } from '../livekit/server-program.mjs';
import { findChromium } from '../setup/chromium.mjs';
import { ROOT } from '../setup/paths.mjs';
import { installCommand, missingBrowserPackages, missingSpeechPackages } from '../setup/system-packages.mjs';
import { readJestReport, readPlaywrightReport } from './report.mjs';

/** Where the test runners write their reports. */
export const REPORT_DIR = join(ROOT, 'tmp/reports');

/**
 * One step of `npm test`.
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} command run in the checkout, with the programs of node_modules on the PATH
 * @property {() => string | undefined} [obstacle] why it cannot run at all and what to do about it, in plain words
 * @property {() => string | undefined} [absence] why it is not run on this machine, in plain words, which is no failure
 * @property {() => Record<string, string>} [env] what the command needs in its environment besides the caller's
 * @property {{ file: string, read: (json: string) => import('./report.mjs').Counts }} [report] of a stage that runs tests
 */

/** @type {readonly Stage[]} In the order they run: the end-to-end stages use what `build` wrote. */
export const STAGES = [
  { name: 'lint', command: nx('lint', 'format-check') },
  { name: 'typecheck', command: nx('typecheck') },
  { name: 'build', command: nx('build') },
  jestStage('unit', 'jest.config.cjs'),
  jestStage('api-e2e-speech', 'apps/api-e2e/jest.speech.config.cjs'),
  jestStage('api-e2e', 'apps/api-e2e/jest.servers.config.cjs'),
  playwrightStage('web-e2e', 'apps/web-e2e/playwright.config.ts'),
  { ...jestStage('rooms-e2e', 'apps/api-e2e/jest.rooms.config.cjs'), absence: missingMediaServer },
  { ...playwrightStage('rooms-web-e2e', 'apps/web-e2e/playwright.rooms.config.ts'), absence: missingMediaServer },
];

/** @param {string[]} targets */
function nx(...targets) {
  return ['nx', 'run-many', '-t', targets.join(','), '--output-style=static'];
}

/**
 * @param {string} name
 * @param {string} config
 * @returns {Stage}
 */
function jestStage(name, config) {
  const file = join(REPORT_DIR, `${name}.json`);
  // The specs create many short-lived objects: a larger young generation saves a seventh of the time.
  const flags = ['--max-semi-space-size=64', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return {
    name,
    command: ['node', ...flags, 'node_modules/jest/bin/jest.js', '-c', config, '--json', `--outputFile=${file}`],
    obstacle: () => missingFile(config) ?? missingSpeech(),
    report: { file, read: readJestReport },
  };
}

/**
 * @param {string} name
 * @param {string} config
 * @returns {Stage}
 */
function playwrightStage(name, config) {
  const file = join(REPORT_DIR, `${name}.json`);
  return {
    name,
    command: ['playwright', 'test', '-c', config, '--reporter=list,json'],
    obstacle: () => missingFile(config) ?? missingSpeech() ?? missingChromium(),
    env: () => ({ PLAYWRIGHT_JSON_OUTPUT_NAME: file, CHROMIUM_PATH: findChromium().path ?? '' }),
    report: { file, read: readPlaywrightReport },
  };
}

/** @param {string} path */
function missingFile(path) {
  return existsSync(join(ROOT, path)) ? undefined : `${path} is missing`;
}

function missingSpeech() {
  const packages = missingSpeechPackages();
  return packages.length > 0 ? `the tests with speech need ${packages.join(', ')}: ${installCommand(packages)}` : undefined;
}

function missingChromium() {
  const found = findChromium();
  return found.path === undefined ? `${found.problem}. Install one: ${installCommand(missingBrowserPackages(found))}` : undefined;
}

/** Nobody can install one with a package manager, so the tests with rooms are for machines that have one. A wrong setting is found out by them. */
function missingMediaServer() {
  const found = findServer();
  return found.path === undefined && !process.env.LIVEKIT_SERVER_PATH
    ? `${found.problem}; "npm run livekit" tells how to get one`
    : undefined;
}
