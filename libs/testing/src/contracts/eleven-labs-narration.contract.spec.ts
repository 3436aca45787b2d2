import { ElevenLabsNarration, type NarrationNotice, type SpeechChunk } from '@parley/providers';
import type { ElevenLabsFault, Simulator } from '@parley/simulator';
import { collect } from './contract-failures';
import { DistinctWordSynthesiser, expectedWords, heardWords } from './distinct-words';
import { alignedText, describeNarrationContract, piecesOf } from './narration-contract';
import { injectFailure, startQuickSimulator } from './simulator-harness';

const IMPATIENT_MS = 400;
const PATIENT_MS = 60_000;

describeNarrationContract('ElevenLabs', {
  makeHarness: async (failure) => {
    const { simulator } = await startQuickSimulator({ limits: { elevenLabsSpeed: 40 } });
    injectFailure(simulator, 'elevenlabs', failure);
    const timeoutMs = failure === 'stall' ? IMPATIENT_MS : PATIENT_MS;
    const { elevenLabs } = simulator.counters;
    return {
      narration: new ElevenLabsNarration({
        apiKey: failure === 'auth' ? 'bad' : 'good',
        baseUrl: simulator.urls.elevenLabs,
        simulated: true,
        firstAudioTimeoutMs: timeoutMs,
        gapTimeoutMs: timeoutMs,
        wait: () => Promise.resolve(),
      }),
      voiceId: '21m00Tcm4TlvDq8ikWAM',
      streamingModel: 'eleven_flash_v2_5',
      dialogueModel: 'eleven_v3',
      get openWork() {
        return elevenLabs.contextsOpened - elevenLabs.contextsClosed + elevenLabs.requestsOpen;
      },
      get openConnections() {
        return elevenLabs.socketsOpen;
      },
      close: () => simulator.close(),
    };
  },
});

/** Unusual behaviour that the vendor is known for, and how the adapter handles it. */
describe('ElevenLabs quirks in narration', () => {
  const TEXT = 'The first sentence of a story has 42 words. Then another one follows, and it ends the story.';
  const VOICE = { voiceId: '21m00Tcm4TlvDq8ikWAM', model: 'eleven_flash_v2_5', sampleRateHz: 16_000 };
  const never = () => new AbortController().signal;
  let simulator: Simulator;
  let narration: ElevenLabsNarration;
  const notices: NarrationNotice['type'][] = [];
  beforeEach(() => void (notices.length = 0));
  afterEach(async () => {
    await narration.close();
    await simulator.close();
  });

  async function start(fault: ElevenLabsFault, times = 1, timeoutMs = PATIENT_MS): Promise<void> {
    ({ simulator } = await startQuickSimulator({ synthesiser: new DistinctWordSynthesiser(), limits: { elevenLabsSpeed: 100 } }));
    simulator.faults.inject({ vendor: 'elevenlabs', fault, times });
    narration = new ElevenLabsNarration({
      apiKey: 'good',
      baseUrl: simulator.urls.elevenLabs,
      simulated: true,
      firstAudioTimeoutMs: timeoutMs,
      gapTimeoutMs: timeoutMs,
      keepsSpare: false,
      wait: () => Promise.resolve(),
    });
  }

  const onNotice = ({ type }: NarrationNotice) => void notices.push(type);
  const narrate = () => collect(narration.narrate(piecesOf(TEXT), { ...VOICE, onNotice }, never()));
  function expectWhole(chunks: readonly SpeechChunk[]): void {
    const pcm = Int16Array.from(chunks.flatMap((chunk) => [...chunk.pcm]));
    expect(heardWords(pcm)).toEqual(expectedWords(TEXT));
    expect(alignedText(chunks)).toBe(TEXT);
  }

  it.each<ElevenLabsFault>([
    { kind: 'duplicate-final' },
    { kind: 'late-frames', delayMs: 50 },
    { kind: 'slow-headers', delayMs: 50 },
    { kind: 'duplicate-frames' },
    { kind: 'unordered-alignment' },
    { kind: 'overlapping-alignment' },
    { kind: 'error-then-close', afterFrames: 3 },
    { kind: 'close', code: 1011, afterFrames: 4 },
    { kind: 'reset', afterFrames: 5 },
    { kind: 'half-close', afterFrames: 6 },
    { kind: 'oversized', afterFrames: 7 },
  ])('speaks everything once despite %j', async (fault) => {
    await start(fault);
    expectWhole(await narrate());
  });

  it.each<ElevenLabsFault>([{ kind: 'missing-final' }, { kind: 'half-open', afterFrames: 4 }])(
    'speaks everything once despite %j, after a time without audio',
    async (fault) => {
      await start(fault, 1, IMPATIENT_MS);
      expectWhole(await narrate());
    },
  );

  it.each<ElevenLabsFault>([
    { kind: 'refuse', status: 503 },
    { kind: 'refuse', status: 429 },
  ])('uses HTTP at once after %j', async (fault) => {
    await start(fault);
    expectWhole(await narrate());
    expect(notices).toContain('fallback');
    expect(simulator.counters.elevenLabs.byEndpoint).toMatchObject({ 'speech-stream-with-timestamps': 1 });
  });

  it('reports a quota that ends in the middle, and does not try again', async () => {
    await start({ kind: 'quota', afterFrames: 4 }, Infinity);
    await expect(narrate()).rejects.toMatchObject({ code: 'quota' });
    expect(simulator.counters.elevenLabs.socketsOpened).toBe(1);
  });

  it.each<ElevenLabsFault>([
    { kind: 'overlapping-alignment' },
    { kind: 'unordered-alignment' },
    { kind: 'missing-alignment' },
    { kind: 'late-frames', delayMs: 20 },
  ])('speaks a whole segment over HTTP despite %j', async (fault) => {
    await start(fault, Infinity);
    expectWhole(await collect(narration.speakSegment({ ...VOICE, text: TEXT }, never())));
  });
});
