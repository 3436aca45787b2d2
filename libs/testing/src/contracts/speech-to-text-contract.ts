import type { SpeechToText, SttSession, SttUtterance, Transcript } from '@parley/providers';
import { abortListeners, activeTimers, eventually } from '../lib/leak-check';
import { collect, FAILURE_CODES, failureOf, PASSING_FAILURES, type ContractFailure } from './contract-failures';

export interface SpeechToTextHarness {
  readonly stt: SpeechToText;
  /** Sets the texts of the utterances that have audio, in order; one word per 200 ms of audio. */
  hear(...texts: string[]): void;
  /** Connections open at the vendor. */
  readonly openConnections: number;
  /** Utterances that the vendor is working on. */
  readonly openWork: number;
  /** Utterances that have reached the vendor. */
  readonly begunWork: number;
  /** After every test; the sessions have been closed. */
  close(): Promise<void>;
}

export interface SpeechToTextContractOptions {
  makeHarness(failure?: ContractFailure): Promise<SpeechToTextHarness>;
  /** False for a recogniser that gives only finals. Default: true. */
  givesPartials?: boolean;
}

const FRAME = Int16Array.from({ length: 320 }, (_, i) => Math.round(8_000 * Math.sin((2 * Math.PI * 440 * i) / 16_000)));
const FRAMES_PER_WORD = 10;

/** Tests that every `SpeechToText` must pass, whatever its provider. */
export function describeSpeechToTextContract(name: string, { makeHarness, givesPartials = true }: SpeechToTextContractOptions): void {
  describe(`SpeechToText contract: ${name}`, () => {
    let harness: SpeechToTextHarness;
    let timersBefore = 0;
    const sessions: SttSession[] = [];

    beforeEach(() => void (timersBefore = activeTimers()));

    afterEach(async () => {
      await Promise.all(sessions.splice(0).map((session) => session.close()));
      await eventually(() => harness.openConnections === 0 && harness.openWork === 0, 'nothing is open at the vendor');
      await harness.close();
      // An unhandled rejection fails the test by itself.
      await eventually(() => activeTimers() <= timersBefore, 'no timer is left');
    });

    async function start(failure?: ContractFailure): Promise<SttSession> {
      harness = await makeHarness(failure);
      return open(new AbortController().signal);
    }

    /** A session that is connected, so that the next audio reaches the vendor at once. */
    async function startConnected(): Promise<SttSession> {
      const session = await start();
      harness.hear('one two');
      expect(finalOf(await finish(speak(session, 2)))).toBe('one two');
      return session;
    }

    function open(signal: AbortSignal): SttSession {
      const session = harness.stt.open({ language: 'en-IN' }, signal);
      sessions.push(session);
      return session;
    }

    function speak(session: SttSession, words: number, signal = new AbortController().signal): SttUtterance {
      const utterance = session.utterance(signal);
      for (let i = 0; i < words * FRAMES_PER_WORD; i += 1) utterance.push(FRAME);
      return utterance;
    }

    function finish(utterance: SttUtterance): Promise<Transcript[]> {
      utterance.end();
      return collect(utterance.transcripts);
    }

    /** The one final, its text in words. */
    function finalOf(transcripts: readonly Transcript[]): string {
      expect(transcripts.map(({ isFinal }) => isFinal)).toEqual([...Array(transcripts.length - 1).fill(false), true]);
      return words(transcripts.at(-1)?.text ?? '');
    }

    it('gives partials, then exactly one final, which is the last', async () => {
      const session = await start();
      harness.hear('what is the time');
      const transcripts = await finish(speak(session, 4));
      expect(finalOf(transcripts)).toBe('what is the time');
      for (const { text } of transcripts) expect('what is the time').toContain(words(text));
      if (givesPartials) expect(transcripts.length).toBeGreaterThan(1);
    });

    if (givesPartials) {
      it('gives a partial before the utterance has ended, and the final not before', async () => {
        const session = await start();
        harness.hear('what is the time');
        const utterance = speak(session, 3);
        const transcripts = utterance.transcripts[Symbol.asyncIterator]();
        expect((await transcripts.next()).value).toMatchObject({ isFinal: false });
        utterance.end();
        expect(finalOf(await rest(transcripts))).toBe('what is the time');
      });
    }

    it('gives an empty final for an utterance without audio', async () => {
      const session = await start();
      expect(await finish(session.utterance(new AbortController().signal))).toEqual([{ text: '', isFinal: true }]);
    });

    it('recognises one utterance after the other on one session', async () => {
      const session = await start();
      harness.hear('one two', 'three four', 'five six');
      for (const expected of ['one two', 'three four', 'five six']) expect(finalOf(await finish(speak(session, 2)))).toBe(expected);
    });

    it('serves two sessions at once', async () => {
      const first = await start();
      const second = open(new AbortController().signal);
      harness.hear('one two', 'one two');
      const finals = await Promise.all([first, second].map((session) => finish(speak(session, 2))));
      expect(finals.map(finalOf)).toEqual(['one two', 'one two']);
    });

    it('ignores audio and further ends after the end', async () => {
      const session = await start();
      harness.hear('one two');
      const utterance = speak(session, 2);
      utterance.end();
      utterance.end();
      utterance.push(FRAME);
      expect(finalOf(await collect(utterance.transcripts))).toBe('one two');
      utterance.push(FRAME);
      utterance.end();
    });

    it.each<[string, boolean, (utterance: SttUtterance) => void]>([
      ['before any audio', false, () => undefined],
      ['while it is spoken', true, (utterance) => push(utterance, 2)],
      ['while the final is due', true, (utterance) => (push(utterance, 2), utterance.end())],
    ])('ends silently when aborted %s, without affecting the next utterance', async (_name, hasAudio, prepare) => {
      const session = await startConnected();
      harness.hear(...(hasAudio ? ['never heard'] : []), 'three four');
      const controller = new AbortController();
      const utterance = session.utterance(controller.signal);
      prepare(utterance);
      if (hasAudio) await eventually(() => harness.begunWork === 2, 'the utterance is at the vendor');
      const transcripts = collect(utterance.transcripts);
      controller.abort();
      expect((await transcripts).filter(({ isFinal }) => isFinal)).toEqual([]);
      utterance.push(FRAME);
      utterance.end();
      expect(abortListeners(controller.signal)).toBe(0);
      expect(finalOf(await finish(speak(session, 2)))).toBe('three four');
    });

    it('loses nothing of the next utterance when one is aborted before there is a connection', async () => {
      const session = await start();
      harness.hear('three four');
      const controller = new AbortController();
      const utterance = speak(session, 2, controller.signal);
      const isAtVendor = harness.begunWork > 0;
      controller.abort();
      expect((await collect(utterance.transcripts)).filter(({ isFinal }) => isFinal)).toEqual([]);
      if (!isAtVendor) expect(finalOf(await finish(speak(session, 2)))).toBe('three four');
    });

    it('ends an utterance at once when its signal is aborted already', async () => {
      const session = await start();
      expect(await collect(speak(session, 1, AbortSignal.abort()).transcripts)).toEqual([]);
    });

    it('gives the final of an ended utterance while the next one is spoken', async () => {
      const session = await startConnected();
      harness.hear('one two', 'three four');
      const first = speak(session, 2);
      first.end();
      const second = speak(session, 2);
      expect(finalOf(await collect(first.transcripts))).toBe('one two');
      expect(finalOf(await finish(second))).toBe('three four');
    });

    it('discards an utterance that was not ended when the next one begins', async () => {
      const session = await startConnected();
      harness.hear('never heard', 'three four');
      const first = speak(session, 2);
      await eventually(() => harness.begunWork === 2, 'the utterance is at the vendor');
      const second = speak(session, 2);
      expect((await collect(first.transcripts)).filter(({ isFinal }) => isFinal)).toEqual([]);
      expect(finalOf(await finish(second))).toBe('three four');
    });

    if (givesPartials) {
      it('discards the utterance and ends the vendor’s work when the loop is left', async () => {
        const session = await start();
        harness.hear('never heard', 'three four');
        const controller = new AbortController();
        for await (const { isFinal } of speak(session, 2, controller.signal).transcripts) {
          expect(isFinal).toBe(false);
          break;
        }
        expect(abortListeners(controller.signal)).toBe(0);
        await eventually(() => harness.openWork === 0, 'the vendor stops working');
        expect(finalOf(await finish(speak(session, 2)))).toBe('three four');
      });
    }

    it('ends everything silently on close, which is idempotent and leaves no connection', async () => {
      const session = await start();
      harness.hear('never heard');
      const utterance = speak(session, 2);
      const transcripts = collect(utterance.transcripts);
      await Promise.all([session.close(), session.close()]);
      await session.close();
      expect((await transcripts).filter(({ isFinal }) => isFinal)).toEqual([]);
      await eventually(() => harness.openConnections === 0, 'the connection is gone');
      expect(await collect(speak(session, 1).transcripts)).toEqual([]);
    });

    it('treats an abort of the session like close', async () => {
      await start();
      const controller = new AbortController();
      const session = open(controller.signal);
      harness.hear('never heard');
      const transcripts = collect(speak(session, 2).transcripts);
      controller.abort();
      expect((await transcripts).filter(({ isFinal }) => isFinal)).toEqual([]);
      expect(abortListeners(controller.signal)).toBe(0);
      await session.close();
    });

    it('does nothing for a session that is aborted before it is opened', async () => {
      await start();
      const session = open(AbortSignal.abort());
      expect(await collect(speak(session, 1).transcripts)).toEqual([]);
    });

    it.each(Object.keys(FAILURE_CODES) as ContractFailure[])('reports %s in the transcripts as a ProviderError', async (failure) => {
      const session = await start(failure);
      harness.hear('one two', 'three four');
      const controller = new AbortController();
      const utterance = speak(session, 2, controller.signal);
      utterance.end();
      expect(await failureOf(utterance.transcripts)).toMatchObject({
        provider: harness.stt.info.name,
        code: FAILURE_CODES[failure],
        retryable: failure !== 'auth',
      });
      expect(abortListeners(controller.signal)).toBe(0);
      if (PASSING_FAILURES.includes(failure)) expect(finalOf(await finish(speak(session, 2)))).toBe('three four');
    });

    it('does not raise an unhandled rejection when nobody reads a failure', async () => {
      const session = await start('drop');
      harness.hear('never heard', 'three four');
      speak(session, 2).end();
      await eventually(() => harness.begunWork === 1 && harness.openWork === 0, 'the vendor has failed');
      // The next utterance may still use the connection that is closing.
      const next = await finish(speak(session, 2)).catch(() => finish(speak(session, 2)));
      expect(finalOf(next)).toBe('three four');
    });
  });
}

function push(utterance: SttUtterance, wordCount: number): void {
  for (let i = 0; i < wordCount * FRAMES_PER_WORD; i += 1) utterance.push(FRAME);
}

/** Without the vendor's punctuation and capitals. */
function words(text: string): string {
  return text.toLowerCase().replace(/[^a-z ]/g, '');
}

async function rest(transcripts: AsyncIterator<Transcript>): Promise<Transcript[]> {
  const items: Transcript[] = [];
  for (let next = await transcripts.next(); !next.done; next = await transcripts.next()) items.push(next.value);
  return items;
}
