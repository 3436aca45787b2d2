import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { findServer, hasDocker, hasGo, WANTED_GO } from '../livekit/server-program.mjs';
import { findChromium } from '../setup/chromium.mjs';
import { dependenciesState } from '../setup/dependencies.mjs';
import { fits, scriptNodeVersion, WANTED_NODE } from '../setup/node-version.mjs';
import { scriptEnv } from '../setup/paths.mjs';
import { installCommand, missingBrowserPackages, missingSpeechPackages } from '../setup/system-packages.mjs';

/** @typedef {import('./finding.mjs').Finding} Finding */
/** @typedef {(name: string) => import('./settings.mjs').Setting} Settings */

/**
 * What is known of a provider: the variables that it cannot do without, and the one with its address, which alone is enough for a server
 * that asks for no key. Made from the providers' descriptors, which cannot be read before the dependencies are installed.
 * @typedef {{ stage: string, name: string, needs: string[], address?: string, without: string }} Provider
 */

/** @type {readonly Provider[]} */
const PROVIDERS = JSON.parse(readFileSync(new URL('./providers.json', import.meta.url), 'utf8'));

/** What becomes of the product without each key; the first provider that needs it tells. @type {Map<string, string>} */
const WITHOUT = new Map();
for (const { needs, without } of PROVIDERS) for (const name of needs) if (!WITHOUT.has(name)) WITHOUT.set(name, without);
for (const name of ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET']) WITHOUT.set(name, 'no rooms');

/** @returns {Finding} */
export function checkNode() {
  const version = scriptNodeVersion();
  const what = 'Node';
  if (fits(version)) return { what, state: 'ok', detail: `${version} for npm scripts, ${process.versions.node} in this shell` };
  return {
    what,
    state: 'missing',
    detail: `${version || 'none'} is too old`,
    fix: `npm run bootstrap (on Linux x64 it brings its own), else install ${WANTED_NODE}`,
  };
}

/** @returns {Finding} */
export function checkDependencies() {
  const what = 'Dependencies';
  const state = dependenciesState();
  if (state === 'installed') return { what, state: 'ok', detail: 'installed, as package-lock.json has them' };
  const detail = state === 'absent' ? 'node_modules is absent' : 'node_modules is not what package-lock.json has';
  return { what, state: 'missing', detail, fix: 'npm run bootstrap' };
}

/**
 * Needed while a stage that hears or speaks is simulated.
 * @param {Settings} settings
 * @returns {Finding}
 */
export function checkSpeech(settings) {
  const what = 'Embedded speech';
  const state = isConfigured('stt', settings) && isConfigured('tts', settings) ? 'note' : 'missing';
  const packages = missingSpeechPackages();
  if (packages.length > 0) return { what, state, detail: `missing: ${packages.join(', ')}`, fix: installCommand(packages) };
  const probe = fileURLToPath(new URL('./probe-speech.mjs', import.meta.url));
  const { status, stderr } = spawnSync('node', [probe], { encoding: 'utf8', env: scriptEnv(), timeout: 10_000 });
  if (status === 0) return { what, state: 'ok', detail: 'flite and pocketsphinx load, the model is there' };
  const reason = /^\w*Error.*$/m.exec(stderr ?? '')?.[0] ?? 'the process that loads them ended';
  return { what, state, detail: `the libraries do not load: ${reason}`, fix: 'npm run bootstrap' };
}

/**
 * Whether a provider of the stage is configured, by its key or its address.
 * @param {string} stage
 * @param {Settings} settings
 */
const isConfigured = (stage, settings) =>
  PROVIDERS.some(
    ({ stage: own, needs, address }) =>
      own === stage && (needs.every((name) => settings(name)) || (address !== undefined && settings(address))),
  );

/** @returns {Finding} */
export function checkChromium() {
  const what = 'Chromium';
  const found = findChromium();
  if (found.path !== undefined) return { what, state: 'ok', detail: found.path };
  return { what, state: 'note', detail: `${found.problem}; only npm test needs it`, fix: installCommand(missingBrowserPackages(found)) };
}

/**
 * @param {Settings} settings
 * @returns {Finding[]}
 */
export function checkKeys(settings) {
  return [...WITHOUT].map(([name, without]) => {
    const setting = settings(name);
    if (setting) return { what: name, state: 'ok', detail: `set in ${setting.from}` };
    return { what: name, state: 'note', detail: `not set: ${without}` };
  });
}

/**
 * @param {Settings} settings
 * @param {{ find?: typeof findServer, go?: () => boolean, docker?: () => boolean }} [ports]
 * @returns {Finding}
 */
export function checkRooms(settings, { find = findServer, go = hasGo, docker = hasDocker } = {}) {
  const what = 'Rooms';
  const url = settings('LIVEKIT_URL');
  const missing = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'].filter((name) => !settings(name));
  if (url && missing.length > 0) return { what, state: 'note', detail: `off: LIVEKIT_URL is set, but not ${missing.join(' and ')}` };
  if (url) return { what, state: 'ok', detail: `on, with the media server that LIVEKIT_URL in ${url.from} names` };
  const found = find();
  const fix = 'npm run livekit';
  if (found.path !== undefined) return { what, state: 'note', detail: `off; there is a media server: ${found.path}`, fix };
  if (go()) return { what, state: 'note', detail: `off; a media server can be built with Go, some minutes, once`, fix };
  if (docker()) return { what, state: 'note', detail: 'off; a media server can be run with Docker', fix };
  return { what, state: 'note', detail: `off; ${found.problem}, nor Docker, nor ${WANTED_GO}`, fix: `${fix} tells what to do` };
}

/**
 * @param {Settings} settings
 * @returns {Promise<Finding>}
 */
export async function checkPort(settings) {
  const text = settings('PORT')?.value ?? '3000';
  const port = Number(text);
  const what = 'Port';
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return { what, state: 'missing', detail: 'PORT is no number from 0 to 65535', fix: 'PORT=3000 npm start' };
  }
  if (await canListen(port, settings('HOST')?.value)) return { what, state: 'ok', detail: `${port} is free` };
  if (await isParley(port)) return { what, state: 'ok', detail: `${port} is in use by a running Parley` };
  return {
    what,
    state: 'missing',
    detail: `${port} is in use by another program, or not allowed`,
    fix: `PORT=${port < 65_535 ? port + 1 : 3000} npm start`,
  };
}

/**
 * @param {number} port
 * @param {string | undefined} host
 * @returns {Promise<boolean>}
 */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host }, () => server.close(() => resolve(true)));
  });
}

/** @param {number} port */
async function isParley(port) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/config`, { signal: AbortSignal.timeout(1_000) });
    const config = await response.json();
    return typeof config === 'object' && config !== null && 'protocol' in config && 'stages' in config;
  } catch {
    return false;
  }
}
