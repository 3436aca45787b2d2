import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseWav, rmsDbfs } from '@parley/audio';
import { useSharedServer } from './support/suite';

const ROOT = join(__dirname, '../../..');
const SPEECH_DBFS = -45;
const server = useSharedServer();

/** The example of docs/narration.md, run as it says there. */
function runExample(origin: string, file: string): ChildProcess {
  return spawn(process.execPath, ['tools/run-ts.mjs', 'docs/examples/narrate-while-typing.ts', origin, file], { cwd: ROOT });
}

async function outcome(example: ChildProcess): Promise<{ exitCode: unknown; complaints: string }> {
  const complaints = example.stderr ? text(example.stderr) : '';
  const [exitCode] = await once(example, 'exit');
  return { exitCode, complaints: await complaints };
}

describe('The example client of the narration socket', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'parley-example-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('writes the lines that it was given as speech', async () => {
    const file = join(folder, 'spoken.wav');
    const example = runExample(server.url, file);
    const ended = outcome(example);
    example.stdin?.write('The first line is spoken while the second one is being written.\n');
    example.stdin?.end('And this is the second one.\n');
    expect(await ended).toEqual({ exitCode: 0, complaints: '' });

    const wav = parseWav(await readFile(file));
    if (!wav.ok) throw new Error(wav.error);
    expect(wav.sampleRateHz).toBe(24_000);
    expect(wav.pcm.length / wav.sampleRateHz).toBeGreaterThan(3);
    expect(rmsDbfs(wav.pcm)).toBeGreaterThan(SPEECH_DBFS);
  });

  it('says why nothing is spoken when there is no text, and ends with an exit code', async () => {
    const example = runExample(server.url, join(folder, 'spoken.wav'));
    const ended = outcome(example);
    example.stdin?.end();
    const { exitCode, complaints } = await ended;
    expect(exitCode).toBe(1);
    expect(complaints).toContain('no text');
  });
});
