import { AsyncQueue, ElevenLabsTextToSpeech, type SpeechChunk } from '@parley/providers';
import type { ElevenLabsFault, Simulator } from '@parley/simulator';
import { eventually } from '../lib/leak-check';
import { collect } from './contract-failures';
import { injectFailure, startQuickSimulator } from './simulator-harness';
import { describeTextToSpeechContract } from './text-to-speech-contract';

// The vendor's SDK loads slowly.
beforeAll(async () => void (await import('@elevenlabs/elevenlabs-js')), 60_000);

const never = () => new AbortController().signal;

for (const modelId of ['eleven_flash_v2_5', 'eleven_v3']) {
  const isOnSocket = modelId === 'eleven_flash_v2_5';
  describeTextToSpeechContract(`ElevenLabs, ${isOnSocket ? 'socket' : 'HTTP'}`, {
    givesAlignment: isOnSocket,
    // Over HTTP audio is raw bytes, so no byte can be recognised as garbage.
    failures: isOnSocket ? ['auth', 'rate_limited', 'stall', 'drop', 'garbage'] : ['auth', 'rate_limited', 'stall', 'drop'],
    makeHarness: async (failure) => {
      const { simulator } = await startQuickSimulator();
      injectFailure(simulator, 'elevenlabs', failure);
      const tts = new ElevenLabsTextToSpeech({
        apiKey: failure === 'auth' ? 'bad' : 'good',
        baseUrl: simulator.urls.elevenLabs,
        voiceId: '21m00Tcm4TlvDq8ikWAM',
        modelId,
        simulated: true,
        ...(failure === 'stall' ? { firstAudioTimeoutMs: 400, gapTimeoutMs: 400 } : {}),
        random: () => 0,
      });
      const { elevenLabs } = simulator.counters;
      return {
        tts,
        get openConnections() {
          return elevenLabs.socketsOpen;
        },
        get openWork() {
          return elevenLabs.contextsOpened - elevenLabs.contextsClosed + elevenLabs.requestsOpen;
        },
        close: () => simulator.close(),
      };
    },
  });
}
/** Unusual behaviour that the vendor is known for, and how the adapter handles it. */
describe('ElevenLabs quirks', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  const TEXT = 'The first sentence of a reply.';
  const MS_PER_CHARACTER = 1_000 / 15;

  /** Time-outs for tests with a silent vendor, and for the others, where a busy machine must not look like a silent vendor. */
  const SHORT_TIMEOUT_MS = 400;
  const LONG_TIMEOUT_MS = 60_000;

  async function create({
    apiKey = 'good',
    modelId = 'eleven_flash_v2_5',
    firstAudioTimeoutMs = LONG_TIMEOUT_MS,
    gapTimeoutMs = LONG_TIMEOUT_MS,
  } = {}): Promise<ElevenLabsTextToSpeech> {
    ({ simulator } = await startQuickSimulator());
    return new ElevenLabsTextToSpeech({
      apiKey,
      baseUrl: simulator.urls.elevenLabs,
      voiceId: '21m00Tcm4TlvDq8ikWAM',
      modelId,
      simulated: true,
      firstAudioTimeoutMs,
      gapTimeoutMs,
    });
  }

  async function* say(...texts: string[]): AsyncGenerator<string> {
    yield* texts;
  }

  async function speak(tts: ElevenLabsTextToSpeech): Promise<number> {
    const session = tts.open({ sampleRateHz: 16_000 }, never());
    try {
      return durationMs(await collect(session.speak(say(TEXT), never())));
    } finally {
      await session.close();
    }
  }

  const durationMs = (chunks: readonly SpeechChunk[]) => chunks.reduce((sum, { pcm }) => sum + pcm.length / 16, 0);

  it.each<[ElevenLabsFault, string]>([
    [{ kind: 'duplicate-final' }, 'eleven_flash_v2_5'],
    [{ kind: 'missing-final' }, 'eleven_flash_v2_5'],
    [{ kind: 'late-frames', delayMs: 50 }, 'eleven_flash_v2_5'],
    [{ kind: 'slow-headers', delayMs: 50 }, 'eleven_flash_v2_5'],
    [{ kind: 'duplicate-frames' }, 'eleven_flash_v2_5'],
    [{ kind: 'identical-frames' }, 'eleven_flash_v2_5'],
    [{ kind: 'unordered-alignment' }, 'eleven_flash_v2_5'],
    [{ kind: 'overlapping-alignment' }, 'eleven_flash_v2_5'],
    [{ kind: 'odd-chunks' }, 'eleven_v3'],
    [{ kind: 'duplicate-frames' }, 'eleven_v3'],
  ])('speaks everything once despite %j with %s', async (fault, modelId) => {
    const tts = await create({ modelId, gapTimeoutMs: fault.kind === 'missing-final' ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS });
    simulator.faults.inject({ vendor: 'elevenlabs', fault });
    const spokenMs = await speak(tts);
    expect(spokenMs).toBeGreaterThan(TEXT.length * MS_PER_CHARACTER * 0.9);
    expect(spokenMs).toBeLessThan(TEXT.length * MS_PER_CHARACTER * 1.2);
  });

  it.each<[ElevenLabsFault, object]>([
    [{ kind: 'silence' }, { code: 'unavailable' }],
    [{ kind: 'half-open' }, { code: 'timeout', retryable: true }],
    [
      { kind: 'half-open', afterFrames: 1 },
      { code: 'timeout', retryable: false },
    ],
    [
      { kind: 'reset', afterFrames: 1 },
      { code: 'connection_lost', retryable: false },
    ],
    [
      { kind: 'half-close', afterFrames: 1 },
      { code: 'connection_lost', retryable: false },
    ],
    [
      { kind: 'error-then-close', afterFrames: 1 },
      { code: 'unavailable', retryable: false },
    ],
    [
      { kind: 'close', code: 1009, afterFrames: 1 },
      { code: 'invalid_request', retryable: false },
    ],
  ])('fails on %j', async (fault, failure) => {
    const fallsSilent = fault.kind === 'half-open';
    const tts = await create({
      firstAudioTimeoutMs: fallsSilent && fault.afterFrames === undefined ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS,
      gapTimeoutMs: fallsSilent ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS,
    });
    simulator.faults.inject({ vendor: 'elevenlabs', fault, at: 'work' });
    await expect(speak(tts)).rejects.toMatchObject(failure);
  });

  it.each([
    ['bad', 'auth'],
    ['quota', 'quota'],
    ['rate', 'rate_limited'],
  ])('reports the key "%s" as %s', async (apiKey, code) => {
    await expect(speak(await create({ apiKey }))).rejects.toMatchObject({ code });
  });

  it.each<[string, ElevenLabsFault]>([
    ['cannot be opened', { kind: 'refuse', status: 503 }],
    ['does not take the model', { kind: 'close', code: 1008 }],
  ])('uses HTTP when a socket %s', async (_name, fault) => {
    const tts = await create();
    simulator.faults.inject({
      vendor: 'elevenlabs',
      endpoint: 'multi-stream-input',
      fault,
      times: Infinity,
      at: fault.kind === 'close' ? 'work' : 'connection',
    });
    expect(await speak(tts)).toBeGreaterThan(TEXT.length * MS_PER_CHARACTER * 0.9);
    expect(simulator.counters.elevenLabs.byEndpoint).toMatchObject({ 'speech-stream': 1 });
  });

  it('speaks over HTTP without any socket when configured to', async () => {
    ({ simulator } = await startQuickSimulator());
    const options = { apiKey: 'good', baseUrl: simulator.urls.elevenLabs, voiceId: '21m00Tcm4TlvDq8ikWAM', modelId: 'eleven_flash_v2_5' };
    const tts = new ElevenLabsTextToSpeech({ ...options, simulated: true, httpOnly: true });
    expect(await speak(tts)).toBeGreaterThan(TEXT.length * MS_PER_CHARACTER * 0.9);
    expect(simulator.counters.elevenLabs).toMatchObject({ socketsOpened: 0, byEndpoint: { 'speech-stream': 1 } });
  });

  it('does not reach the limit of contexts with seven speeches that are cut off one after the other', async () => {
    const tts = await create();
    const session = tts.open({ sampleRateHz: 16_000 }, never());
    for (let i = 0; i < 7; i += 1) {
      const text = new AsyncQueue<string>();
      text.push(TEXT);
      for await (const { pcm } of session.speak(text, never())) {
        expect(pcm.length).toBeGreaterThan(0);
        break;
      }
    }
    expect(durationMs(await collect(session.speak(say(TEXT), never())))).toBeGreaterThan(TEXT.length * MS_PER_CHARACTER * 0.9);
    await session.close();
    await eventually(() => simulator.counters.elevenLabs.socketsOpen === 0, 'the sockets are gone');
    expect(simulator.counters.elevenLabs.socketsOpened).toBe(2);
    expect(simulator.counters.elevenLabs.closeCodes[1008]).toBeUndefined();
  });
});
