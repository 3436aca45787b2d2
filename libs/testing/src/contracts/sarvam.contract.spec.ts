import { SarvamSpeechToText, type Transcript } from '@parley/providers';
import type { SarvamFault, Simulator } from '@parley/simulator';
import { collect, failureOf } from './contract-failures';
import type { OrderedRecogniser } from './ordered-recogniser';
import { injectFailure, startQuickSimulator } from './simulator-harness';
import { describeSpeechToTextContract } from './speech-to-text-contract';

const never = () => new AbortController().signal;

for (const dialect of ['realtime', 'legacy'] as const) {
  describeSpeechToTextContract(`Sarvam, ${dialect} socket`, {
    givesPartials: dialect === 'realtime',
    makeHarness: async (failure) => {
      const { simulator, recogniser } = await startQuickSimulator();
      injectFailure(simulator, 'sarvam', failure);
      const key = dialect === 'realtime' ? 'good' : 'beta-denied';
      const stt = new SarvamSpeechToText({
        apiKey: failure === 'auth' ? 'bad' : key,
        baseUrl: simulator.urls.sarvam,
        simulated: true,
        finalTimeoutMs: failure === 'stall' ? 400 : 2_000,
        random: () => 0,
      });
      const { sarvam } = simulator.counters;
      return {
        stt,
        hear: (...texts) => recogniser.hear(...texts),
        get openConnections() {
          return sarvam.socketsOpen;
        },
        get openWork() {
          return recogniser.openCount;
        },
        get begunWork() {
          return recogniser.begunCount;
        },
        close: () => simulator.close(),
      };
    },
  });
}

/** Unusual behaviour that the vendor is known for, and how the adapter handles it. */
describe('Sarvam quirks', () => {
  let simulator: Simulator;
  let recogniser: OrderedRecogniser;
  afterEach(() => simulator.close());

  const TONE = Int16Array.from({ length: 16_000 }, (_, i) => Math.round(8_000 * Math.sin(i / 6)));

  async function hearTwice(fault: SarvamFault, key: string): Promise<string[]> {
    ({ simulator, recogniser } = await startQuickSimulator());
    simulator.faults.inject({ vendor: 'sarvam', fault });
    recogniser.hear('what is the time', 'and the date');
    const stt = new SarvamSpeechToText({ apiKey: key, baseUrl: simulator.urls.sarvam, simulated: true, finalTimeoutMs: 1_000 });
    const session = stt.open({}, never());
    const finals: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      const utterance = session.utterance(never());
      utterance.push(TONE);
      utterance.end();
      const transcripts = await collect<Transcript>(utterance.transcripts);
      expect(transcripts.filter(({ isFinal }) => isFinal)).toHaveLength(1);
      finals.push((transcripts.at(-1)?.text ?? '').toLowerCase().replace(/[^a-z ]/g, ''));
    }
    await session.close();
    return finals;
  }

  it.each<[SarvamFault, string]>([
    [{ kind: 'duplicate-final' }, 'what is the time'],
    [{ kind: 'split-final' }, 'what is the time'],
    [{ kind: 'empty-transcript' }, ''],
    [{ kind: 'final-first' }, 'what is the time'],
    [{ kind: 'leak-vad' }, 'what is the time'],
    [{ kind: 'late-frames', delayMs: 50 }, 'what is the time'],
    [{ kind: 'slow-headers', delayMs: 50 }, 'what is the time'],
    [{ kind: 'duplicate-frames' }, 'what is the time'],
    [{ kind: 'stale-partial' }, 'what is the time'],
  ])('keeps the effect of %j to its own utterance, on either socket', async (fault, first) => {
    expect(await hearTwice(fault, 'good')).toEqual([first, 'and the date']);
    await simulator.close();
    expect(await hearTwice(fault, 'beta-denied')).toEqual([first, 'and the date']);
  });

  it.each<[SarvamFault, string]>([
    [{ kind: 'missing-final' }, 'timeout'],
    [{ kind: 'half-open' }, 'timeout'],
    [{ kind: 'reset' }, 'connection_lost'],
    [{ kind: 'half-close' }, 'connection_lost'],
    [{ kind: 'error-then-close' }, 'unavailable'],
    [{ kind: 'close', code: 1011 }, 'unavailable'],
    [{ kind: 'close', code: 1008 }, 'connection_lost'],
  ])('reports %j as %s and recognises the next utterance', async (fault, code) => {
    ({ simulator, recogniser } = await startQuickSimulator());
    simulator.faults.inject({ vendor: 'sarvam', fault, at: 'work' });
    recogniser.hear('lost', 'and the date');
    const finalTimeoutMs = code === 'timeout' ? 1_000 : 10_000;
    const stt = new SarvamSpeechToText({ apiKey: 'good', baseUrl: simulator.urls.sarvam, simulated: true, finalTimeoutMs });
    const session = stt.open({}, never());
    const speak = () => {
      const utterance = session.utterance(never());
      utterance.push(TONE);
      utterance.end();
      return utterance.transcripts;
    };
    expect(await failureOf(speak())).toMatchObject({ code, retryable: true });
    expect((await collect(speak())).at(-1)).toMatchObject({ isFinal: true, text: expect.stringMatching(/date/) });
    await session.close();
  });

  it.each([
    ['bad', 'auth'],
    ['quota', 'quota'],
    ['rate', 'rate_limited'],
  ])('reports the key "%s" as %s', async (apiKey, code) => {
    ({ simulator, recogniser } = await startQuickSimulator());
    const session = new SarvamSpeechToText({ apiKey, baseUrl: simulator.urls.sarvam, simulated: true }).open({}, never());
    const utterance = session.utterance(never());
    utterance.push(TONE);
    expect(await failureOf(utterance.transcripts)).toMatchObject({ code });
    await session.close();
  });
});
