import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseWav, rmsDbfs } from '@parley/audio';
import { poll } from '@parley/testing/client';
import { parseFile } from 'music-metadata';
import { startVendors } from './support/keyed-server';

const PROGRAM = join(__dirname, '../../../dist/apps/narrate/main.js');
const SPEECH_DBFS = -35;
const SCRIPT = `---
title: Two voices
---

# Morning

HOST: Good morning. [pause 500ms] It rained all day in the town.

GUEST: And all night, too.

# Evening

HOST: Then it stopped.
`;

/** The command as `npx nx run narrate` runs it, without anybody's keys, and what it wrote. */
function narrate(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const command: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
  const output = Promise.all([command.stdout, command.stderr].map((stream) => (stream ? text(stream) : '')));
  const ended = once(command, 'exit').then(async ([exitCode]) => {
    const [written = '', complaints = ''] = await output;
    return { exitCode: exitCode as number | null, written, complaints };
  });
  return { command, ended };
}

describe('The command that makes an episode', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-narrate-e2e-'));
    await writeFile(join(folder, 'script.md'), SCRIPT);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const voices = ['--voice', 'HOST=parley-clara', '--voice', 'GUEST=Ray'];
  const filesBeside = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('episode')).toSorted();

  it('speaks a script with two voices, without a key and without a server', async () => {
    const args = ['script.md', ...voices, '-o', 'episode.mp3', '-o', 'episode.wav', '--captions', 'episode.vtt'];
    const { exitCode, written, complaints } = await narrate(folder, args).ended;
    expect({ exitCode, complaints }).toEqual({ exitCode: 0, complaints: expect.stringContaining('4 of 4 segments') });
    expect(written).toMatch(/episode\.mp3 .*: 0:\d\d, -1[56]\.\d LUFS/);

    const { common, format } = await parseFile(join(folder, 'episode.mp3'), { includeChapters: true, duration: true });
    expect(common.title).toBe('Two voices');
    expect(format.chapters?.map(({ title }) => title)).toEqual(['Morning', 'Evening']);
    const wav = parseWav(await readFile(join(folder, 'episode.wav')));
    if (!wav.ok) throw new Error(wav.error);
    expect(Math.abs((format.duration ?? 0) - wav.pcm.length / wav.sampleRateHz)).toBeLessThan(0.2);
    expect(rmsDbfs(wav.pcm)).toBeGreaterThan(SPEECH_DBFS);
    const vtt = await readFile(join(folder, 'episode.vtt'), 'utf8');
    expect(vtt.replace(/<[\d:.]+>/gu, '')).toContain('<v GUEST>And all night, too.');
    expect(await filesBeside()).toEqual(['episode.mp3', 'episode.vtt', 'episode.wav']);
  });

  it('names the place of every mistake in the script', async () => {
    const { exitCode, complaints } = await narrate(folder, ['script.md', '--voice', 'HOST=parley-clara', '-o', 'episode.mp3']).ended;
    expect(exitCode).toBe(2);
    expect(complaints).toContain('script.md:9:1: The speaker "GUEST" has no voice.');
    expect(await filesBeside()).toEqual([]);
  });

  it('ends the work at the vendor on Ctrl-C, and leaves no half file', async () => {
    const vendors = await startVendors();
    try {
      const stalled = vendors.faults.inject({ vendor: 'elevenlabs', endpoint: 'speech-stream-with-timestamps', fault: { kind: 'stall' } });
      const { elevenLabs } = vendors.counters;
      const env = { ELEVENLABS_BASE_URL: vendors.urls.elevenLabs, ELEVENLABS_API_KEY: 'xq-eleven-key' };
      const { command, ended } = narrate(folder, ['script.md', ...voices, '-o', 'episode.mp3'], env);
      await poll(
        'a request that is stalled',
        async () => stalled.triggered,
        (times) => times > 0,
        30_000,
      );
      command.kill('SIGINT');
      const { exitCode, complaints } = await ended;
      expect({ exitCode, complaints }).toEqual({ exitCode: 130, complaints: expect.stringContaining('Cancelled.') });
      await poll(
        'the vendor to be left alone',
        async () => elevenLabs.requestsOpen,
        (open) => open === 0,
        30_000,
      );
      expect(await filesBeside()).toEqual([]);
    } finally {
      await vendors.close();
    }
  });
});
