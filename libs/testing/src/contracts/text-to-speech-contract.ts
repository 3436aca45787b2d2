import { AsyncQueue, type SpeechChunk, type TextToSpeech, type TtsSession } from '@parley/providers';
import { abortListeners, activeTimers, eventually } from '../lib/leak-check';
import { collect, FAILURE_CODES, failureOf, PASSING_FAILURES, type ContractFailure } from './contract-failures';

export interface TextToSpeechHarness {
  readonly tts: TextToSpeech;
  /** Connections kept open at the vendor. */
  readonly openConnections: number;
  /** Speeches that the vendor is working on. */
  readonly openWork: number;
  /** After every test; the sessions have been closed. */
  close(): Promise<void>;
}

export interface TextToSpeechContractOptions {
  makeHarness(failure?: ContractFailure): Promise<TextToSpeechHarness>;
  /** Where the vendor reports characters' times. */
  givesAlignment?: boolean;
  /** Default: all. */
  failures?: readonly ContractFailure[];
}

const RATE_HZ = 16_000;
const FIRST = 'The first sentence of a reply.';
const SECOND = 'Then comes another one.';
const FASTEST_MS_PER_CHARACTER = 30;
const SLOWEST_MS_PER_CHARACTER = 150;

async function* sentences(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

/** Tests that every `TextToSpeech` must pass, whatever its provider. */
export function describeTextToSpeechContract(
  name: string,
  { makeHarness, givesAlignment = true, ...options }: TextToSpeechContractOptions,
): void {
  describe(`TextToSpeech contract: ${name}`, () => {
    const failures = options.failures ?? (Object.keys(FAILURE_CODES) as ContractFailure[]);
    let harness: TextToSpeechHarness;
    let timersBefore = 0;
    const sessions: TtsSession[] = [];
    const never = () => new AbortController().signal;

    beforeEach(() => void (timersBefore = activeTimers()));

    afterEach(async () => {
      await Promise.all(sessions.splice(0).map((session) => session.close()));
      await eventually(() => harness.openConnections === 0 && harness.openWork === 0, 'nothing is open at the vendor');
      await harness.close();
      // An unhandled rejection fails the test by itself.
      await eventually(() => activeTimers() <= timersBefore, 'no timer is left');
    });

    async function start(failure?: ContractFailure, sampleRateHz = RATE_HZ): Promise<TtsSession> {
      harness = await makeHarness(failure);
      return open(never(), sampleRateHz);
    }

    function open(signal: AbortSignal, sampleRateHz = RATE_HZ): TtsSession {
      const session = harness.tts.open({ sampleRateHz, language: 'en-IN' }, signal);
      sessions.push(session);
      return session;
    }

    function durationMs(chunks: readonly SpeechChunk[], sampleRateHz = RATE_HZ): number {
      return (chunks.reduce((sum, { pcm }) => sum + pcm.length, 0) / sampleRateHz) * 1000;
    }

    function expectWhole(chunks: readonly SpeechChunk[], text: string, sampleRateHz = RATE_HZ): void {
      expect(durationMs(chunks, sampleRateHz)).toBeGreaterThan(text.length * FASTEST_MS_PER_CHARACTER);
      expect(durationMs(chunks, sampleRateHz)).toBeLessThan(text.length * SLOWEST_MS_PER_CHARACTER);
    }

    it('speaks the whole text, in chunks none of which is empty', async () => {
      const session = await start();
      const signal = never();
      const chunks = await collect(session.speak(sentences(FIRST, SECOND), signal));
      expectWhole(chunks, FIRST + SECOND);
      for (const { pcm } of chunks) expect(pcm.length).toBeGreaterThan(0);
      expect(chunks.length).toBeGreaterThan(1);
      expect(abortListeners(signal)).toBe(0);
    });

    it.each([24_000, 44_100])('speaks at %i Hz when asked to', async (sampleRateHz) => {
      const session = await start(undefined, sampleRateHz);
      expectWhole(await collect(session.speak(sentences(FIRST), never())), FIRST, sampleRateHz);
    });

    if (givesAlignment) {
      it('reports when each character is spoken, from the start of the call', async () => {
        const session = await start();
        await collect(session.speak(sentences(FIRST), never()));
        const chunks = await collect(session.speak(sentences(FIRST, SECOND), never()));
        const starts: number[] = [];
        for (const { alignment } of chunks) {
          if (!alignment) continue;
          expect(alignment.startMs).toHaveLength(alignment.chars.length);
          expect(alignment.durationMs).toHaveLength(alignment.chars.length);
          starts.push(...alignment.startMs);
        }
        expect(starts.length).toBeGreaterThanOrEqual(FIRST.length);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        expect(starts[0]).toBeLessThan(200);
        expect(starts.at(-1)).toBeLessThanOrEqual(durationMs(chunks));
        expect(starts.at(-1)).toBeGreaterThan(durationMs(chunks) / 2);
      });
    }

    it('yields audio before its text has ended', async () => {
      const session = await start();
      const text = new AsyncQueue<string>();
      text.push(FIRST);
      const speech = session.speak(text, never())[Symbol.asyncIterator]();
      const first = await speech.next();
      expect(first.done).toBe(false);
      text.push(SECOND);
      text.end();
      const chunks = first.value ? [first.value] : [];
      for (let next = await speech.next(); !next.done; next = await speech.next()) chunks.push(next.value);
      expectWhole(chunks, FIRST + SECOND);
    });

    it('yields no audio when there is no text', async () => {
      const session = await start();
      expect(await collect(session.speak(sentences(), never()))).toEqual([]);
    });

    it('speaks several texts on the same session, one after the other and at once', async () => {
      const session = await start();
      expectWhole(await collect(session.speak(sentences(FIRST), never())), FIRST);
      const both = await Promise.all([FIRST, SECOND].map((text) => collect(session.speak(sentences(text), never()))));
      expectWhole(both[0] ?? [], FIRST);
      expectWhole(both[1] ?? [], SECOND);
    });

    it('ends silently when aborted before it began, and does not read the text', async () => {
      const session = await start();
      const onLeave = jest.fn();
      const text = new AsyncQueue<string>({ onLeave });
      expect(await collect(session.speak(text, AbortSignal.abort()))).toEqual([]);
      expect(text.isEnded).toBe(false);
    });

    it('ends silently when aborted while it waits for text, and releases the text', async () => {
      const session = await start();
      const controller = new AbortController();
      const onLeave = jest.fn();
      const speech = collect(session.speak(new AsyncQueue<string>({ onLeave }), controller.signal));
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      expect(await speech).toEqual([]);
      expect(onLeave).toHaveBeenCalledTimes(1);
      expect(abortListeners(controller.signal)).toBe(0);
    });

    it('ends silently and at once when aborted in the middle, and ends the vendor’s work', async () => {
      const session = await start();
      const controller = new AbortController();
      const onLeave = jest.fn();
      const text = new AsyncQueue<string>({ onLeave });
      for (let i = 0; i < 5; i += 1) text.push(FIRST);
      let chunks = 0;
      for await (const { pcm } of session.speak(text, controller.signal)) {
        expect(pcm.length).toBeGreaterThan(0);
        chunks += 1;
        controller.abort();
      }
      expect(chunks).toBe(1);
      expect(onLeave).toHaveBeenCalledTimes(1);
      expect(abortListeners(controller.signal)).toBe(0);
      await eventually(() => harness.openWork === 0, 'the vendor stops working');
      expectWhole(await collect(session.speak(sentences(SECOND), never())), SECOND);
    });

    it('releases the text and ends the vendor’s work when the loop is left', async () => {
      const session = await start();
      const onLeave = jest.fn();
      const text = new AsyncQueue<string>({ onLeave });
      text.push(FIRST);
      const signal = never();
      for await (const { pcm } of session.speak(text, signal)) {
        expect(pcm.length).toBeGreaterThan(0);
        break;
      }
      expect(onLeave).toHaveBeenCalledTimes(1);
      expect(abortListeners(signal)).toBe(0);
      await eventually(() => harness.openWork === 0, 'the vendor stops working');
    });

    it('throws the error of its text stream, and ends the vendor’s work', async () => {
      const session = await start();
      const text = new AsyncQueue<string>();
      text.push(FIRST);
      const speech = session.speak(text, never())[Symbol.asyncIterator]();
      await speech.next();
      const failing = (async () => {
        while (!(await speech.next()).done);
      })();
      text.fail(new Error('no more text'));
      await expect(failing).rejects.toThrow('no more text');
      await eventually(() => harness.openWork === 0, 'the vendor stops working');
    });

    it('ends everything silently on close, which is idempotent and leaves no connection', async () => {
      const session = await start();
      const text = new AsyncQueue<string>();
      text.push(FIRST);
      const speech = session.speak(text, never())[Symbol.asyncIterator]();
      await speech.next();
      const rest = (async () => {
        while (!(await speech.next()).done);
      })();
      await Promise.all([session.close(), session.close()]);
      await rest;
      await session.close();
      expect(text.isEnded).toBe(true);
      await eventually(() => harness.openConnections === 0, 'the connection is gone');
      expect(await collect(session.speak(sentences(FIRST), never()))).toEqual([]);
    });

    it('treats an abort of the session like close', async () => {
      await start();
      const controller = new AbortController();
      const session = open(controller.signal);
      controller.abort();
      expect(await collect(session.speak(sentences(FIRST), never()))).toEqual([]);
      await session.close();
      expect(abortListeners(controller.signal)).toBe(0);
      expect(await collect(open(AbortSignal.abort()).speak(sentences(FIRST), never()))).toEqual([]);
    });

    it.each(failures)('reports %s as a ProviderError', async (failure) => {
      const session = await start(failure);
      const signal = never();
      expect(await failureOf(session.speak(sentences(FIRST), signal))).toMatchObject({
        provider: harness.tts.info.name,
        code: FAILURE_CODES[failure],
      });
      expect(abortListeners(signal)).toBe(0);
      if (PASSING_FAILURES.includes(failure)) expectWhole(await collect(session.speak(sentences(SECOND), never())), SECOND);
    });

    it('lists its voices', async () => {
      await start();
      const voices = await harness.tts.voices(never());
      expect(voices.length).toBeGreaterThan(0);
      for (const voice of voices) expect(voice).toEqual({ id: expect.stringMatching(/./), name: expect.stringMatching(/./) });
    });
  });
}
