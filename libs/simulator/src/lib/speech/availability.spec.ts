import { join } from 'node:path';
import { probeSpeech } from './availability.ts';
import { speechChildPaths } from './child-paths.ts';
import { SPEECH_INSTALL_COMMAND } from './native-error.ts';

const PATHS = speechChildPaths(__dirname);

// Real engines on a machine that may be busy.
jest.setTimeout(30_000);

describe('probeSpeech', () => {
  it('finds the engines, which every machine that runs this suite must have', async () => {
    expect(await probeSpeech(PATHS)).toEqual({ recogniser: { available: true }, synthesiser: { available: true } });
  });

  it('names what is missing and the command that installs it', async () => {
    const { recogniser } = await probeSpeech(PATHS, { modelDirectory: '/no/such/models' });
    expect(recogniser).toEqual({
      available: false,
      reason: 'the speech model /no/such/models/en-us does not exist',
      remedy: SPEECH_INSTALL_COMMAND,
    });
    expect(SPEECH_INSTALL_COMMAND).toBe('apt-get install -y --no-install-recommends libpocketsphinx3 pocketsphinx-en-us libflite1');
  });

  it('reports why a process cannot run at all', async () => {
    const missing = join(__dirname, 'no-such-child.js');
    const { synthesiser } = await probeSpeech({ ...PATHS, synthesiser: missing });
    expect(synthesiser).toMatchObject({ available: false, reason: expect.stringContaining(`Cannot find module '${missing}'`) });
  });
});
