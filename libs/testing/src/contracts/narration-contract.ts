import {
  AsyncQueue,
  type NarrationNotice,
  type NarrationOptions,
  type NarrationPiece,
  type NarrationProvider,
  type SegmentRequest,
  type SpeechChunk,
} from '@parley/providers';
import { abortListeners, activeTimers, eventually } from '../lib/leak-check';
import { collect, FAILURE_CODES, failureOf, type ContractFailure } from './contract-failures';

export interface NarrationHarness {
  readonly narration: NarrationProvider;
  /** A voice and models of the provider. */
  readonly voiceId: string;
  readonly streamingModel: string;
  readonly dialogueModel: string;
  /** Pieces of work that the vendor is busy with. */
  readonly openWork: number;
  /** Connections that are open at the vendor. */
  readonly openConnections: number;
  /** After every test; the provider has been closed. */
  close(): Promise<void>;
}

/** Failures of segments. A narration survives those that pass. */
export interface NarrationContractOptions {
  makeHarness(failure?: ContractFailure): Promise<NarrationHarness>;
}

const RATE_HZ = 16_000;
const FIRST = 'The first sentence of a story. ';
const SECOND = 'Then comes “another” one, with 42 words!';
const FASTEST_MS_PER_CHARACTER = 30;
const SLOWEST_MS_PER_CHARACTER = 150;

export async function* piecesOf(...texts: (string | NarrationPiece)[]): AsyncGenerator<NarrationPiece> {
  for (const text of texts) yield typeof text === 'string' ? { text } : text;
}

/** The text of all alignments of a speech. */
export const alignedText = (chunks: readonly SpeechChunk[]): string => chunks.flatMap(({ alignment }) => alignment?.chars ?? []).join('');

/** Tests that every `NarrationProvider` must pass, whatever its vendor. */
export function describeNarrationContract(name: string, { makeHarness }: NarrationContractOptions): void {
  describe(`NarrationProvider contract: ${name}`, () => {
    let harness: NarrationHarness;
    let timersBefore = 0;
    const never = () => new AbortController().signal;

    beforeEach(() => void (timersBefore = activeTimers()));

    afterEach(async () => {
      await harness.narration.close();
      await eventually(() => harness.openConnections === 0 && harness.openWork === 0, 'nothing is open at the vendor');
      await harness.close();
      await eventually(() => activeTimers() <= timersBefore, 'no timer is left');
    });

    async function start(failure?: ContractFailure): Promise<NarrationProvider> {
      harness = await makeHarness(failure);
      return harness.narration;
    }

    const options = (more: Partial<NarrationOptions> = {}): NarrationOptions => ({
      voiceId: harness.voiceId,
      model: harness.streamingModel,
      sampleRateHz: RATE_HZ,
      ...more,
    });

    const segment = (more: Partial<SegmentRequest> = {}): SegmentRequest => ({ ...options(), text: FIRST + SECOND, ...more });

    const durationMs = (chunks: readonly SpeechChunk[], rateHz = RATE_HZ) =>
      (chunks.reduce((sum, { pcm }) => sum + pcm.length, 0) / rateHz) * 1000;

    function expectWhole(chunks: readonly SpeechChunk[], text: string, rateHz = RATE_HZ): void {
      expect(durationMs(chunks, rateHz)).toBeGreaterThan(text.length * FASTEST_MS_PER_CHARACTER);
      expect(durationMs(chunks, rateHz)).toBeLessThan(text.length * SLOWEST_MS_PER_CHARACTER);
      for (const { pcm } of chunks) expect(pcm.length).toBeGreaterThan(0);
      expectAligned(chunks, text, rateHz);
    }

    function expectAligned(chunks: readonly SpeechChunk[], text: string, rateHz: number): void {
      expect(alignedText(chunks)).toBe(text);
      const starts = chunks.flatMap(({ alignment }) => alignment?.startMs ?? []);
      const lasting = chunks.flatMap(({ alignment }) => alignment?.durationMs ?? []);
      expect(lasting).toHaveLength(starts.length);
      expect(starts).toEqual([...starts].sort((one, other) => one - other));
      expect(starts.at(-1)).toBeLessThanOrEqual(durationMs(chunks, rateHz));
      expect(starts.at(-1)).toBeGreaterThan(durationMs(chunks, rateHz) / 2);
    }

    describe('narrate', () => {
      it('speaks the whole text with the times of all of its characters', async () => {
        const narration = await start();
        const signal = never();
        expectWhole(await collect(narration.narrate(piecesOf(FIRST, SECOND), options(), signal)), FIRST + SECOND);
        expect(abortListeners(signal)).toBe(0);
      });

      it.each([24_000, 44_100])('speaks at %i Hz when asked to', async (sampleRateHz) => {
        const narration = await start();
        expectWhole(await collect(narration.narrate(piecesOf(FIRST), options({ sampleRateHz }), never())), FIRST, sampleRateHz);
      });

      it('speaks a text that comes in pieces of one character', async () => {
        const narration = await start();
        expectWhole(await collect(narration.narrate(piecesOf(...(FIRST + SECOND)), options(), never())), FIRST + SECOND);
      });

      it('speaks what was flushed although the text goes on later', async () => {
        const narration = await start();
        const pieces = new AsyncQueue<NarrationPiece>();
        pieces.push({ text: FIRST, flush: true });
        const speech = narration.narrate(pieces, options(), never())[Symbol.asyncIterator]();
        const chunks: SpeechChunk[] = [];
        while (durationMs(chunks) < FIRST.length * FASTEST_MS_PER_CHARACTER) {
          const { value } = await speech.next();
          if (value) chunks.push(value);
        }
        pieces.push({ text: SECOND });
        pieces.end();
        for (let next = await speech.next(); !next.done; next = await speech.next()) chunks.push(next.value);
        expectWhole(chunks, FIRST + SECOND);
      });

      it('yields no audio when there is nothing to speak', async () => {
        const narration = await start();
        expect(await collect(narration.narrate(piecesOf('', ' ', '…'), options(), never()))).toEqual([]);
      });

      it('runs several narrations at once', async () => {
        const narration = await start();
        const both = await Promise.all([FIRST, SECOND].map((text) => collect(narration.narrate(piecesOf(text), options(), never()))));
        expectWhole(both[0] ?? [], FIRST);
        expectWhole(both[1] ?? [], SECOND);
      });

      it('ends silently when aborted before it began, and does not read the text', async () => {
        const narration = await start();
        const pieces = new AsyncQueue<NarrationPiece>();
        expect(await collect(narration.narrate(pieces, options(), AbortSignal.abort()))).toEqual([]);
        expect(pieces.isEnded).toBe(false);
      });

      it('ends silently when aborted while it waits for text, and releases the text', async () => {
        const narration = await start();
        const controller = new AbortController();
        const onLeave = jest.fn();
        const speech = collect(narration.narrate(new AsyncQueue<NarrationPiece>({ onLeave }), options(), controller.signal));
        await new Promise((resolve) => setImmediate(resolve));
        controller.abort();
        expect(await speech).toEqual([]);
        expect(onLeave).toHaveBeenCalledTimes(1);
        expect(abortListeners(controller.signal)).toBe(0);
      });

      it('ends silently and at once when aborted in the middle, and ends the vendor’s work', async () => {
        const narration = await start();
        const controller = new AbortController();
        let chunks = 0;
        for await (const { pcm } of narration.narrate(piecesOf(FIRST.repeat(5)), options(), controller.signal)) {
          expect(pcm.length).toBeGreaterThan(0);
          chunks += 1;
          controller.abort();
        }
        expect(chunks).toBe(1);
        expect(abortListeners(controller.signal)).toBe(0);
        await eventually(() => harness.openWork === 0, 'the vendor stops working');
      });

      it('releases the text and ends the vendor’s work when the loop is left', async () => {
        const narration = await start();
        const onLeave = jest.fn();
        const pieces = new AsyncQueue<NarrationPiece>({ onLeave });
        pieces.push({ text: FIRST, flush: true });
        for await (const { pcm } of narration.narrate(pieces, options(), never())) {
          expect(pcm.length).toBeGreaterThan(0);
          break;
        }
        expect(onLeave).toHaveBeenCalledTimes(1);
        await eventually(() => harness.openWork === 0, 'the vendor stops working');
      });

      it('throws the error of its text, and ends the vendor’s work', async () => {
        const narration = await start();
        const pieces = new AsyncQueue<NarrationPiece>();
        pieces.push({ text: FIRST, flush: true });
        const speech = narration.narrate(pieces, options(), never())[Symbol.asyncIterator]();
        await speech.next();
        pieces.fail(new Error('no more text'));
        const failing = (async () => {
          while (!(await speech.next()).done);
        })();
        await expect(failing).rejects.toThrow('no more text');
        await eventually(() => harness.openWork === 0, 'the vendor stops working');
      });

      it('ends silently on close', async () => {
        const narration = await start();
        const pieces = new AsyncQueue<NarrationPiece>();
        pieces.push({ text: FIRST, flush: true });
        const speech = narration.narrate(pieces, options(), never())[Symbol.asyncIterator]();
        await speech.next();
        const rest = (async () => {
          while (!(await speech.next()).done);
        })();
        await Promise.all([narration.close(), narration.close()]);
        await rest;
        expect(pieces.isEnded).toBe(true);
        expect(await collect(narration.narrate(piecesOf(FIRST), options(), never()))).toEqual([]);
      });

      it.each<ContractFailure>(['drop', 'garbage', 'stall'])('survives %s: no word is missing and none is repeated', async (failure) => {
        const narration = await start(failure);
        const notices: NarrationNotice['type'][] = [];
        const heard = await collect(
          narration.narrate(piecesOf(FIRST, SECOND), options({ onNotice: ({ type }) => notices.push(type) }), never()),
        );
        expectWhole(heard, FIRST + SECOND);
        expect(notices).toContain('reconnected');
      });

      it('reports a refused key as a ProviderError', async () => {
        const narration = await start('auth');
        const signal = never();
        expect(await failureOf(narration.narrate(piecesOf(FIRST), options(), signal))).toMatchObject({
          provider: narration.info.name,
          code: 'auth',
        });
        expect(abortListeners(signal)).toBe(0);
      });

      it('reports what was sent, received and billed', async () => {
        const narration = await start();
        const notices: NarrationNotice[] = [];
        await collect(narration.narrate(piecesOf(FIRST, SECOND), options({ onNotice: (notice) => notices.push(notice) }), never()));
        const types = notices.map(({ type }) => type);
        expect(types.filter((type) => type === 'sent').length).toBeGreaterThan(0);
        expect(types.filter((type) => type === 'received').length).toBeGreaterThan(0);
        const { costFactor } = (await narration.models(never())).find(({ id }) => id === harness.streamingModel) ?? { costFactor: NaN };
        const billed = notices.reduce((sum, notice) => sum + (notice.type === 'billed' ? notice.characters : 0), 0);
        expect(billed).toBeCloseTo((FIRST + SECOND).length * costFactor, -1);
      });

      it('refuses a model that does not take text piece by piece, and says which does', async () => {
        const narration = await start();
        const error = await failureOf(narration.narrate(piecesOf(FIRST), options({ model: harness.dialogueModel }), never()));
        expect(error).toMatchObject({ code: 'invalid_request' });
        expect(error.message).toContain(harness.streamingModel);
      });

      it.each([[[]], [[49, 100]], [[50, 501]], [[99.5]]])('refuses the chunk schedule %j', async (chunkSchedule) => {
        const narration = await start();
        expect(await failureOf(narration.narrate(piecesOf(FIRST), options({ chunkSchedule }), never()))).toMatchObject({
          code: 'invalid_request',
        });
      });
    });

    describe('speakSegment', () => {
      it('speaks the whole text with the times of all of its characters', async () => {
        const narration = await start();
        const signal = never();
        expectWhole(
          await collect(narration.speakSegment(segment({ previousText: 'Before.', nextText: 'After.' }), signal)),
          FIRST + SECOND,
        );
        expect(abortListeners(signal)).toBe(0);
      });

      it('speaks with a model that takes no neighbouring text', async () => {
        const narration = await start();
        const request = segment({ model: harness.dialogueModel, previousText: 'Before.', seed: 7, settings: { stability: 0.5 } });
        expectWhole(await collect(narration.speakSegment(request, never())), FIRST + SECOND);
      });

      it('speaks with pronunciations', async () => {
        const narration = await start();
        const pronunciations = [{ word: 'story', say: 'storey', alphabet: 'spelling' as const }];
        const chunks = await collect(narration.speakSegment(segment({ text: FIRST, pronunciations }), never()));
        expectAligned(chunks, FIRST, RATE_HZ);
      });

      it('ends silently and at once when aborted, and ends the vendor’s work', async () => {
        const narration = await start();
        const controller = new AbortController();
        let chunks = 0;
        for await (const { pcm } of narration.speakSegment(segment({ text: FIRST.repeat(5) }), controller.signal)) {
          expect(pcm.length).toBeGreaterThan(0);
          chunks += 1;
          controller.abort();
        }
        expect(chunks).toBe(1);
        expect(await collect(narration.speakSegment(segment(), AbortSignal.abort()))).toEqual([]);
        expect(abortListeners(controller.signal)).toBe(0);
        await eventually(() => harness.openWork === 0, 'the vendor stops working');
      });

      it.each<ContractFailure>(['auth', 'rate_limited', 'stall', 'drop', 'garbage'])('reports %s as a ProviderError', async (failure) => {
        const narration = await start(failure);
        const signal = never();
        expect(await failureOf(narration.speakSegment(segment(), signal))).toMatchObject({
          provider: narration.info.name,
          code: FAILURE_CODES[failure],
        });
        expect(abortListeners(signal)).toBe(0);
      });

      it.each<[string, Partial<SegmentRequest>]>([
        ['an empty text', { text: '' }],
        ['a text with nothing to speak', { text: ' … ' }],
        ['a speed that is too high', { settings: { speed: 1.3 } }],
        ['a negative seed', { seed: -1 }],
      ])('refuses %s', async (_name, more) => {
        const narration = await start();
        expect(await failureOf(narration.speakSegment(segment(more), never()))).toMatchObject({ code: 'invalid_request' });
      });
    });

    describe('speakDialogue', () => {
      it('speaks each line with its voice, with the times of all characters', async () => {
        const narration = await start();
        const [one, other] = await narration.voices(never());
        const lines = [FIRST, SECOND, FIRST].map((text, index) => ({ text, voiceId: (index === 1 ? other?.id : one?.id) ?? '' }));
        const signal = never();
        const chunks = await collect(narration.speakDialogue({ lines, model: harness.dialogueModel, sampleRateHz: RATE_HZ }, signal));
        expectWhole(chunks, FIRST + SECOND + FIRST);
        expect([...new Set(chunks.map(({ line }) => line))]).toEqual([0, 1, 2]);
        const textOf = (index: number) => alignedText(chunks.filter(({ line }) => line === index));
        expect([0, 1, 2].map((index) => textOf(index).replaceAll(/\W/g, ''))).toEqual(lines.map(({ text }) => text.replaceAll(/\W/g, '')));
        expect(abortListeners(signal)).toBe(0);
      });
    });

    it('refuses a dialogue with too many voices, too much text or the wrong model before anything is sent', async () => {
      const narration = await start();
      const lines = (count: number, text = FIRST) => Array.from({ length: count }, (_, index) => ({ voiceId: `voice${index}`, text }));
      const dialogue = { lines: lines(2), model: harness.dialogueModel, sampleRateHz: RATE_HZ };
      for (const wrong of [{ lines: lines(11) }, { lines: lines(2, FIRST.repeat(40)) }, { lines: [] }, { model: harness.streamingModel }]) {
        expect(await failureOf(narration.speakDialogue({ ...dialogue, ...wrong }, never()))).toMatchObject({ code: 'invalid_request' });
      }
    });

    it('lists its models with their limits', async () => {
      const narration = await start();
      const models = await narration.models(never());
      expect(models.find(({ id }) => id === harness.streamingModel)).toMatchObject({ streamsText: true, speaksDialogue: false });
      expect(models.find(({ id }) => id === harness.dialogueModel)).toMatchObject({ streamsText: false, speaksDialogue: true });
      for (const { maxCharacters, costFactor } of models) expect(Math.min(maxCharacters, costFactor)).toBeGreaterThan(0);
    });

    it('lists its voices', async () => {
      const narration = await start();
      const voices = await narration.voices(never());
      expect(voices.length).toBeGreaterThan(0);
      for (const voice of voices) expect(voice).toEqual({ id: expect.stringMatching(/./), name: expect.stringMatching(/./) });
    });
  });
}
