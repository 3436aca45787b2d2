import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWav } from '@parley/audio';
import { FakeProviders } from '@parley/engine/testing';
import { wavToWav } from './wav-to-wav';

/** The example that the documentation shows, on the detector that the server runs with and a recorded voice. */
describe('the example of a conversation between two files', () => {
  const root = join(__dirname, '../..');
  const workingFolder = process.cwd();
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-example-'));
    process.chdir(root);
  });
  afterEach(async () => {
    process.chdir(workingFolder);
    await rm(folder, { recursive: true });
  });

  it('writes the answer to what is asked in a recording, and leaves nothing open', async () => {
    const providers = new FakeProviders({ tts: () => ({ msPerCharacter: 10 }) });
    const answer = join(folder, 'answer.wav');
    await wavToWav(join(root, 'libs/testing/recordings/clean-time.wav'), answer, providers);

    const wav = parseWav(await readFile(answer));
    if (!wav.ok) throw new Error(wav.error);
    expect(wav.sampleRateHz).toBe(24_000);
    const spoken = providers.tts.speeches[0].sentences.join('');
    expect(spoken).toBe('It is three.Or four.');
    expect(wav.pcm).toHaveLength(spoken.length * 10 * 24);
    expect(providers.stt.utterances).toHaveLength(1);
    expect(providers.open).toBe(0);
  });
});
