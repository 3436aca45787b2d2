import { ElevenLabsNarration, type NarrationNotice, type NarrationPiece, type SpeechChunk } from '@parley/providers';
import { type AlignmentStyle, type ElevenLabsFault, seededRandom, type Simulator } from '@parley/simulator';
import { DistinctWordSynthesiser, expectedWords, heardWords } from './distinct-words';
import { alignedText, piecesOf } from './narration-contract';
import { startQuickSimulator } from './simulator-harness';

const RATE_HZ = 16_000;
const MS_PER_CHARACTER = 1_000 / 15;
const SENTENCES = [
  'The old lighthouse keeper had counted 1250 ships, and he remembered every single one of them. ',
  '“Tell me about the last one,” she said; he looked out at the grey water for a long time. ',
  'It was a well-known ship, with 3.5 masts (so the children said), and its captain never slept. ',
  'Nobody had seen it leave, nobody had seen it come back, and nobody ever asked why. ',
];
const TEXT = SENTENCES.join('').repeat(2);
const ANYWHERE = 20;

interface Narrated {
  chunks: SpeechChunk[];
  notices: NarrationNotice[];
}

/** A narration over sockets that the vendor drops in the middle. */
describe('a narration whose connection is lost', () => {
  let simulator: Simulator;
  let narration: ElevenLabsNarration;
  afterEach(async () => {
    await narration.close();
    await simulator.close();
  });

  async function narrate(alignment: AlignmentStyle, faults: readonly ElevenLabsFault[], text = TEXT): Promise<Narrated> {
    ({ simulator } = await startQuickSimulator({
      alignment,
      synthesiser: new DistinctWordSynthesiser(),
      limits: { elevenLabsSpeed: 200 },
    }));
    for (const fault of faults) simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'stream-input', at: 'work', fault });
    narration = new ElevenLabsNarration({
      apiKey: 'good',
      baseUrl: simulator.urls.elevenLabs,
      simulated: true,
      firstAudioTimeoutMs: 60_000,
      gapTimeoutMs: 60_000,
      // The delays before reconnects cost no time here.
      wait: () => Promise.resolve(),
    });
    const notices: NarrationNotice[] = [];
    const options = { voiceId: '21m00Tcm4TlvDq8ikWAM', model: 'eleven_flash_v2_5', sampleRateHz: RATE_HZ };
    const chunks: SpeechChunk[] = [];
    const speech = narration.narrate(
      writing(text),
      { ...options, onNotice: (notice) => notices.push(notice) },
      new AbortController().signal,
    );
    for await (const chunk of speech) chunks.push(chunk);
    return { chunks, notices };
  }

  /** The text in pieces of irregular length, which end anywhere. */
  const writing = (text: string): AsyncIterable<NarrationPiece> => piecesOf(...(text.match(/.{1,17}/gsu) ?? []));

  function joined(chunks: readonly SpeechChunk[]): Int16Array {
    const pcm = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.pcm.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      pcm.set(chunk.pcm, at);
      at += chunk.pcm.length;
    }
    return pcm;
  }

  const durationMs = (chunks: readonly SpeechChunk[]): number => chunks.reduce((sum, { pcm }) => sum + (pcm.length * 1000) / RATE_HZ, 0);
  const largestStep = (pcm: Int16Array): number =>
    pcm.reduce((largest, sample, index) => Math.max(largest, Math.abs(sample - (pcm[index - 1] ?? sample))), 0);

  /** The words of the speech by its alignment, with the time at which each begins. */
  function spokenWords(chunks: readonly SpeechChunk[]): { word: string; startMs: number }[] {
    const startMs = chunks.flatMap(({ alignment }) => alignment?.startMs ?? []);
    return [...alignedText(chunks).matchAll(/\S+/g)].map(({ 0: word, index }) => ({ word, startMs: startMs[index] ?? NaN }));
  }

  it('is complete, in order, and without a click, when the connection is lost at twenty places', async () => {
    const random = seededRandom(20);
    const faults = Array.from({ length: ANYWHERE }, (): ElevenLabsFault => ({ kind: 'drop', afterFrames: 1 + Math.floor(random() * 12) }));
    const undisturbed = await narrate('whole', []);
    await narration.close();
    await simulator.close();
    const { chunks, notices } = await narrate('whole', faults);
    expect(notices.filter(({ type }) => type === 'reconnected')).toHaveLength(ANYWHERE);
    expect(notices.filter(({ type }) => type === 'fallback')).toHaveLength(0);
    expect(heardWords(joined(undisturbed.chunks))).toEqual(expectedWords(TEXT));
    expect(heardWords(joined(chunks))).toEqual(expectedWords(TEXT));
    expect(alignedText(chunks)).toBe(TEXT);
    const words = spokenWords(chunks);
    expect(words.map(({ startMs }) => startMs)).toEqual(words.map(({ startMs }) => startMs).sort((one, other) => one - other));
    expect(largestStep(joined(chunks))).toBeLessThanOrEqual(largestStep(joined(undisturbed.chunks)));
    // Each joint may shorten a space or add a little silence, but no word is missing or repeated.
    expect(Math.abs(durationMs(chunks) - durationMs(undisturbed.chunks))).toBeLessThan(ANYWHERE * MS_PER_CHARACTER);
    expect(durationMs(chunks) / durationMs(undisturbed.chunks)).toBeCloseTo(1, 1);
  });

  const drops = (count: number, seed: number): ElevenLabsFault[] => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => ({ kind: 'drop', afterFrames: 2 + Math.floor(random() * 14) }));
  };
  const EXACT: readonly AlignmentStyle[] = ['early', 'absolute', 'normalized-only', 'sparse', 'restarting', 'short'];

  it.each(EXACT.flatMap((style) => [1, 2].map((seed) => [style, seed] as const)))(
    'misses and repeats no word when the alignment is "%s" (seed %i)',
    async (style, seed) => {
      const text = SENTENCES.join('');
      const { chunks } = await narrate(style, drops(5, seed), text);
      expect(heardWords(joined(chunks)).map(({ pitchHz }) => pitchHz)).toEqual(expectedWords(text).map(({ pitchHz }) => pitchHz));
      expect(alignedText(chunks)).toBe(text);
    },
  );

  it.each([1, 2])('repeats no word when the vendor aligns nothing (seed %i)', async (seed) => {
    const text = SENTENCES.join('');
    const { chunks } = await narrate('none', drops(3, seed), text);
    const expected = expectedWords(text).map(({ pitchHz }) => pitchHz);
    let next = 0;
    // Each word that is heard comes later in the text than the one before.
    for (const { pitchHz } of heardWords(joined(chunks))) next = expected.indexOf(pitchHz, next) + 1 || NaN;
    expect(next).toBe(expected.length);
    expect(alignedText(chunks)).toBe(text);
  });
});
