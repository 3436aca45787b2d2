import { ElevenLabsNarration, OpenAiLanguageModel, type ProviderLogger, SarvamSpeechToText } from '@parley/providers';
import type { Endpoint, Fault, FaultRule, Simulator, Vendor } from '@parley/simulator';
import { collect } from './contract-failures';
import { startQuickSimulator } from './simulator-harness';

const KEY = 'xq-key-that-nobody-may-read';
const QUICK_MS = 400;
/** Bounds a call that never ends. Those that end do so after a few of the limits above, and a busy machine takes its time. */
const ENDS_WITHIN_MS = 25_000;
/** Far above what a call needs, with what a busy machine has not collected yet, and far below what an endless answer would take. */
const MOST_GROWTH_BYTES = 300 * 2 ** 20;

interface Call {
  readonly simulator: Simulator;
  readonly logger: ProviderLogger;
  readonly signal: AbortSignal;
}

/** What is asked of a vendor: ends or rejects, and leaves nothing open. */
type Ask = (call: Call) => Promise<unknown>;

const narrate =
  (use: (narration: ElevenLabsNarration, signal: AbortSignal) => Promise<unknown>): Ask =>
  async ({ simulator, logger, signal }) => {
    const timing = { firstAudioTimeoutMs: QUICK_MS, gapTimeoutMs: QUICK_MS, handshakeTimeoutMs: QUICK_MS, answerTimeoutMs: QUICK_MS };
    const common = { apiKey: KEY, baseUrl: simulator.urls.elevenLabs, simulated: true, keepsSpare: false, logger };
    const narration = new ElevenLabsNarration({ ...common, ...timing, wait: () => Promise.resolve() });
    try {
      return await use(narration, signal);
    } finally {
      await narration.close();
    }
  };

const hear: Ask = async ({ simulator, logger, signal }) => {
  const limits = { handshakeTimeoutMs: QUICK_MS, finalTimeoutMs: QUICK_MS };
  const stt = new SarvamSpeechToText({ apiKey: KEY, baseUrl: simulator.urls.sarvam, simulated: true, logger, ...limits });
  const session = stt.open({}, signal);
  try {
    const utterance = session.utterance(signal);
    for (let second = 0; second < 2; second += 1) utterance.push(new Int16Array(16_000).fill(8_000));
    utterance.end();
    return await collect(utterance.transcripts);
  } finally {
    await session.close();
  }
};

const model = ({ simulator, logger }: Call): OpenAiLanguageModel =>
  new OpenAiLanguageModel({
    ...{ apiKey: KEY, baseURL: simulator.urls.openai, models: ['gpt-4o'], simulated: true, maxTokens: 100, logger },
    ...{ firstTokenTimeoutMs: QUICK_MS, idleTimeoutMs: QUICK_MS, patienceMs: 4 * QUICK_MS },
  });

/** Endpoints that the product asks, and a call that asks each. */
const CALLS: readonly (readonly [endpoint: Endpoint, vendor: Vendor, ask: Ask])[] = [
  ['realtime', 'sarvam', hear],
  ['chat', 'openai', (call) => collect(model(call).generate({ messages: [{ role: 'user', content: 'a long story' }] }, call.signal))],
  ['voices', 'elevenlabs', narrate((narration, signal) => narration.voices(signal))],
  ['models', 'elevenlabs', narrate((narration, signal) => narration.models(signal))],
];

const ECHO = { detail: { status: KEY, message: `the key ${KEY} is refused` }, error: { message: KEY, code: KEY, type: KEY } };
const HOSTILITIES: Readonly<Record<string, (simulator: Simulator) => Fault>> = {
  'an endless answer': () => ({ kind: 'endless', afterFrames: 1 }),
  'a huge frame': () => ({ kind: 'oversized' }),
  'a byte at a time': () => ({ kind: 'trickle', everyMs: 20 }),
  'a redirect': (simulator) => ({ kind: 'refuse', status: 307, headers: { location: `${simulator.urls.openai}/elsewhere` } }),
  'a refusal with the key in it': () => ({ kind: 'refuse', status: 401, body: ECHO, headers: { 'x-key': KEY } }),
  'a failure with the key in it': () => ({ kind: 'refuse', status: 500, body: ECHO }),
};

describe.each(CALLS)('a call of %s of %s', (endpoint, vendor, ask) => {
  it.each(Object.entries(HOSTILITIES))(
    'ends in bounded time and memory, without giving the key away, after %s',
    async (_what, faultAt) => {
      const { simulator } = await startQuickSimulator();
      const controller = new AbortController();
      const logged: unknown[] = [];
      const log = (...entry: unknown[]): void => void logged.push(entry);
      // The kinds belong to vendors, which the type cannot express for a variable vendor.
      simulator.faults.inject({ vendor, endpoint, fault: faultAt(simulator), times: Infinity } as FaultRule);
      const before = memoryBytes();
      let peak = before;
      const watch = setInterval(() => (peak = Math.max(peak, memoryBytes())), 20);
      try {
        const asked = ask({ simulator, logger: { debug: log, warn: log }, signal: controller.signal });
        const outcome = await Promise.race([
          asked.then(
            () => 'ended',
            (error: unknown) => error,
          ),
          late(),
        ]);
        expect(outcome).not.toBe('late');
        expect(JSON.stringify([logged, described(outcome)])).not.toContain(KEY);
        expect(peak - before).toBeLessThan(MOST_GROWTH_BYTES);
        expect(simulator.counters.openai.byEndpoint).not.toHaveProperty('unknown');
      } finally {
        clearInterval(watch);
        controller.abort();
        await simulator.close();
      }
    },
    60_000,
  );
});

function late(): Promise<'late'> {
  return new Promise((resolve) => setTimeout(resolve, ENDS_WITHIN_MS, 'late').unref());
}

/** Everything of an error that a log might show. */
function described(error: unknown): unknown {
  return error instanceof Error ? { ...error, message: error.message, stack: error.stack, cause: described(error.cause) } : error;
}

function memoryBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
