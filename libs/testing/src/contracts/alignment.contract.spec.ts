import { ElevenLabsTextToSpeech, FailoverTextToSpeech, type SpeechChunk } from '@parley/providers';
import type { AlignmentStyle, ElevenLabsFault, Simulator } from '@parley/simulator';
import { failoverOf, reading } from '../failover/composite';
import { startQuickSimulator } from './simulator-harness';

const SENTENCES = ['The first sentence has 1250 words.', 'Then another one follows it.', 'The last one is short.'];
const SPOKEN_MS = (SENTENCES.join('').length * 1_000) / 15;
const STYLES: readonly AlignmentStyle[] = ['whole', 'none', 'sparse', 'early', 'short', 'absolute', 'restarting', 'normalized-only'];
/** Styles in which the vendor aligns all of its audio, so that speech can continue at the word where it broke off. */
const TELLING: readonly AlignmentStyle[] = ['whole', 'early', 'absolute', 'normalized-only'];

async function* say(): AsyncGenerator<string> {
  yield* SENTENCES;
}

/** Speech with a fault in the first attempt, and a second attempt at the same vendor. */
describe('speech is never heard twice, whatever alignment the vendor sends', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  /** Injects the fault into the first context; resolves with the speech that was heard in the end, in ms. */
  async function speak(alignment: AlignmentStyle, fault: ElevenLabsFault): Promise<{ heardMs: number; error: unknown }> {
    ({ simulator } = await startQuickSimulator({ alignment, limits: { elevenLabsSpeed: 40 } }));
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'multi-stream-input', at: 'work', fault });
    const voice = new ElevenLabsTextToSpeech({
      apiKey: 'good',
      baseUrl: simulator.urls.elevenLabs,
      voiceId: '21m00Tcm4TlvDq8ikWAM',
      modelId: 'eleven_flash_v2_5',
      simulated: true,
      firstAudioTimeoutMs: 60_000,
      // How long to wait for the end after the vendor has sent everything.
      gapTimeoutMs: 1_000,
    });
    const session = new FailoverTextToSpeech(failoverOf(voice)).open({ sampleRateHz: 16_000 }, new AbortController().signal);
    try {
      const { items, done } = reading<SpeechChunk>(session.speak(say(), new AbortController().signal));
      const error = await done;
      return { heardMs: items.reduce((sum, { pcm }) => sum + pcm.length / 16, 0), error };
    } finally {
      await session.close();
    }
  }

  it.each(STYLES)('when the end is not marked and the alignment is "%s"', async (alignment) => {
    const { heardMs, error } = await speak(alignment, { kind: 'missing-final' });
    expect(error).toBeUndefined();
    expect(heardMs / SPOKEN_MS).toBeCloseTo(1, 1);
  });

  it.each(STYLES.flatMap((alignment) => [2, 6, 12, 25].map((afterFrames) => [alignment, afterFrames] as const)))(
    'when the connection is lost and the alignment is "%s", after %i frames',
    async (alignment, afterFrames) => {
      const { heardMs } = await speak(alignment, { kind: 'drop', afterFrames });
      // The word that was broken off is said again; a number can be a long word.
      expect(heardMs).toBeLessThan(SPOKEN_MS + 700);
      if (TELLING.includes(alignment)) expect(heardMs).toBeGreaterThan(SPOKEN_MS * 0.9);
    },
  );
});
