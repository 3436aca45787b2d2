import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkKeys, checkPort, checkRooms } from './checks.mjs';
import { renderFindings } from './finding.mjs';
import { parseEnvFile, settingsOf } from './settings.mjs';

describe('the .env file', () => {
  it('is read with and without quotes, comments and export', () => {
    const text = '# keys\nA=1\n export B = "two words" \nC=\'it # stays\'\nD=plain # comment\r\nE=\n\nnot a line\nF=x=y\n';
    expect(Object.fromEntries(parseEnvFile(text))).toEqual({ A: '1', B: 'two words', C: 'it # stays', D: 'plain', E: '', F: 'x=y' });
  });
});

describe('settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('come from the environment first, then from .env, and empty means absent', () => {
    writeFileSync(join(folder, '.env'), 'A=file\nB=file\nC=\n');
    const settings = settingsOf(folder, { A: 'shell', D: '' });
    expect(['A', 'B', 'C', 'D', 'E'].map(settings)).toEqual([
      { value: 'shell', from: 'the environment' },
      { value: 'file', from: '.env' },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('come from the environment alone where there is no .env', () => {
    expect(settingsOf(join(folder, 'absent'), { A: 'shell' })('A')).toEqual({ value: 'shell', from: 'the environment' });
  });
});

describe('the keys in the table', () => {
  it('are named, never shown', () => {
    const findings = checkKeys((name) => (name === 'OPENAI_API_KEY' ? { value: 'sk-secret', from: '.env' } : undefined));
    expect(findings).toContainEqual({ what: 'OPENAI_API_KEY', state: 'ok', detail: 'set in .env' });
    expect(findings).toContainEqual({ what: 'SARVAM_API_KEY', state: 'note', detail: 'not set: the simulator listens' });
    expect(JSON.stringify(findings)).not.toContain('sk-secret');
  });

  it('are those of all providers and of the rooms, each once', () => {
    expect(checkKeys(() => undefined).map(({ what, detail }) => `${what} ${detail}`)).toEqual([
      'SARVAM_API_KEY not set: the simulator listens',
      'OPENAI_API_KEY not set: the simulator answers',
      'ELEVENLABS_API_KEY not set: the simulator speaks',
      'ELEVENLABS_AGENT_ID not set: no agent of your own',
      'LIVEKIT_API_KEY not set: no rooms',
      'LIVEKIT_API_SECRET not set: no rooms',
    ]);
  });
});

describe('rooms', () => {
  const absent = /** @type {const} */ ({ path: undefined, problem: 'no LiveKit server found' });
  const nothing = { find: () => absent, go: () => false, docker: () => false };
  /** @param {Record<string, string>} values */
  const settings = (values) => (/** @type {string} */ name) =>
    values[name] === undefined ? undefined : { value: values[name], from: /** @type {const} */ ('.env') };
  const all = { LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 'secret' };

  it('are on when address, key and secret are set', () => {
    expect(checkRooms(settings(all), nothing)).toMatchObject({ state: 'ok', detail: expect.stringContaining('.env') });
    expect(JSON.stringify(checkRooms(settings(all), nothing))).not.toContain('secret');
  });

  it('are off when one of them is missing, which is named', () => {
    const { state, detail } = checkRooms(settings({ LIVEKIT_URL: all.LIVEKIT_URL, LIVEKIT_API_KEY: 'key' }), nothing);
    expect({ state, detail }).toEqual({ state: 'note', detail: 'off: LIVEKIT_URL is set, but not LIVEKIT_API_SECRET' });
  });

  it.each([
    ['a server that is there', { find: () => ({ path: '/usr/bin/livekit-server', from: 'the PATH' }) }, '/usr/bin/livekit-server'],
    ['Go', { go: () => true }, 'built with Go'],
    ['Docker', { docker: () => true }, 'with Docker'],
    ['nothing', {}, 'no LiveKit server found'],
  ])('can be had with %s', (_, machine, expected) => {
    const finding = checkRooms(settings({}), { ...nothing, ...machine });
    expect(finding).toMatchObject({
      state: 'note',
      detail: expect.stringContaining(expected),
      fix: expect.stringContaining('npm run livekit'),
    });
  });
});

describe('the port', () => {
  /** @param {string} value */
  const portIs = (value) => (/** @type {string} */ name) =>
    name === 'PORT' ? { value, from: /** @type {const} */ ('the environment') } : undefined;

  /**
   * @param {object} answer
   * @param {(port: string) => Promise<void>} check
   */
  async function whileServing(answer, check) {
    const server = createServer((_, response) => response.end(JSON.stringify(answer)));
    server.listen(0);
    await once(server, 'listening');
    const address = server.address();
    try {
      if (address === null || typeof address === 'string') throw new Error('no port');
      await check(String(address.port));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('is fine when free', async () => {
    expect(await checkPort(portIs('0'))).toMatchObject({ state: 'ok' });
  });

  it('is fine when Parley itself has it', async () => {
    await whileServing({ protocol: 1, stages: {} }, async (port) => {
      expect(await checkPort(portIs(port))).toMatchObject({ state: 'ok', detail: expect.stringContaining('running Parley') });
    });
  });

  it('is a problem when another program has it, with a way out', async () => {
    await whileServing({}, async (port) => {
      expect(await checkPort(portIs(port))).toMatchObject({ state: 'missing', fix: expect.stringMatching(/^PORT=\d+ npm start$/) });
    });
  });

  it.each(['http', '65536', '-1', '3.5'])('is a problem when PORT is %s', async (value) => {
    expect(await checkPort(portIs(value))).toMatchObject({ state: 'missing', detail: expect.stringContaining('PORT') });
  });
});

describe('the table', () => {
  /** @type {import('./finding.mjs').Finding[]} */
  const findings = [
    { what: 'Node', state: 'ok', detail: '24.21.0' },
    { what: 'Embedded speech', state: 'missing', detail: 'libflite1', fix: 'apt-get install libflite1' },
  ];

  it('has one line per finding and one per fix, without colour codes for a file', () => {
    expect(renderFindings(findings, { colour: false })).toEqual([
      'ok       Node             24.21.0',
      'missing  Embedded speech  libflite1',
      '                          -> apt-get install libflite1',
    ]);
  });

  it('colours the verdict for a terminal', () => {
    expect(renderFindings(findings, { colour: true })[0]).toBe('\x1b[32mok     \x1b[0m  Node             24.21.0');
  });
});
