import {
  AsyncQueue,
  type CharacterAlignment,
  type ProviderErrorCode,
  type ProviderInfo,
  type SpeechChunk,
  type TextToSpeech,
  type TtsOptions,
  type TtsSession,
  type Voice,
} from '@parley/providers';
import { SYSTEM_CLOCK, sleep, type Clock } from './clock';
import { FAKE_INFO, fakeFailure, type FakeOutcome } from './fake-failure';

/** The result of one `speak` call. Times are in ms on the clock; the default 0 takes one microtask each. */
export interface FakeSpeechScript {
  /** Length of the audio, default 60. */
  msPerCharacter?: number;
  /** Audio per chunk, default 200. */
  chunkMs?: number;
  /** From a call's first sentence to its first chunk. */
  firstChunkMs?: number;
  gapMs?: number;
  failure?: { code: ProviderErrorCode; afterChunks: number };
  /** Nothing comes after this many chunks, not even the end. */
  stallAfterChunks?: number;
}

export interface FakeTextToSpeechOptions {
  info?: ProviderInfo;
  clock?: Clock;
  /** The script of the nth call (from 0, over all sessions); `manual` leaves it to the test. */
  script?: (index: number) => FakeSpeechScript | 'manual';
  voices?: readonly Voice[];
}

/**
 * A voice whose audio is as long as its text requires. All samples of a call are equal, and different in each call. It records its texts.
 */
export class FakeTextToSpeech implements TextToSpeech {
  readonly info: ProviderInfo;
  readonly sessions: FakeTtsSession[] = [];
  /** In the order in which they were begun: a call begins when its first chunk is asked for. */
  readonly speeches: FakeSpeech[] = [];

  constructor(private readonly options: FakeTextToSpeechOptions = {}) {
    this.info = options.info ?? FAKE_INFO;
  }

  /** Sessions that were not closed. */
  get openSessions(): number {
    return this.sessions.filter(({ isClosed }) => !isClosed).length;
  }

  /** Calls that have not ended in any way. */
  get openSpeeches(): number {
    return this.speeches.filter(({ outcome }) => outcome === 'open').length;
  }

  open(options: TtsOptions, signal: AbortSignal): FakeTtsSession {
    const session = new FakeTtsSession(options, signal, (text, stop) => this.#speech(options, text, stop));
    this.sessions.push(session);
    return session;
  }

  voices(): Promise<Voice[]> {
    return Promise.resolve([...(this.options.voices ?? [{ id: 'fake-voice', name: 'Fake' }])]);
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  #speech(options: TtsOptions, text: AsyncIterable<string>, signal: AbortSignal): FakeSpeech {
    const index = this.speeches.length;
    const script = this.options.script?.(index) ?? {};
    const speech = new FakeSpeech({
      text,
      signal,
      script,
      options,
      sample: index + 1,
      info: this.info,
      clock: this.options.clock ?? SYSTEM_CLOCK,
    });
    this.speeches.push(speech);
    return speech;
  }
}

export class FakeTtsSession implements TtsSession {
  readonly #ending = new AbortController();
  readonly #onAbort = () => void this.close();

  constructor(
    /** As given to `open`. */
    readonly options: TtsOptions,
    readonly signal: AbortSignal,
    private readonly begin: (text: AsyncIterable<string>, signal: AbortSignal) => FakeSpeech,
  ) {
    if (signal.aborted) this.#ending.abort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isClosed(): boolean {
    return this.#ending.signal.aborted;
  }

  async *speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const stop = AbortSignal.any([signal, this.#ending.signal]);
    if (stop.aborted) return;
    const speech = this.begin(text, stop);
    try {
      for await (const chunk of speech.chunks) {
        yield chunk;
        if (stop.aborted) return;
      }
    } finally {
      speech.cancel();
    }
  }

  close(): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#ending.abort();
    return Promise.resolve();
  }
}

interface FakeSpeechOptions {
  text: AsyncIterable<string>;
  signal: AbortSignal;
  script: FakeSpeechScript | 'manual';
  options: TtsOptions;
  sample: number;
  info: ProviderInfo;
  clock: Clock;
}

/** One `speak` call; the chunks of a `manual` one come from the test. */
export class FakeSpeech {
  /** The sentences received so far. */
  readonly sentences: string[] = [];
  readonly signal: AbortSignal;
  readonly #chunks = new AsyncQueue<SpeechChunk>();
  readonly #stop = new AbortController();
  readonly #onAbort = () => this.cancel();
  readonly #source: AsyncIterator<string>;
  #outcome: FakeOutcome = 'open';
  #isTextDone = false;
  #spoken = 0;
  #samples = 0;

  constructor(private readonly speech: FakeSpeechOptions) {
    this.signal = speech.signal;
    this.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#source = speech.text[Symbol.asyncIterator]();
    void this.#play(speech.script);
  }

  /** For the fake session. */
  get chunks(): AsyncIterable<SpeechChunk> {
    return this.#chunks;
  }

  get outcome(): FakeOutcome {
    return this.#outcome;
  }

  /** True once the text has ended. */
  get isTextDone(): boolean {
    return this.#isTextDone;
  }

  /** The number of chunks yielded so far. */
  get chunkCount(): number {
    return this.#spoken;
  }

  /** Yields audio of this length now. */
  chunk(durationMs: number, alignment?: CharacterAlignment): void {
    if (this.#outcome !== 'open') return;
    const samples = Math.max(1, Math.round((durationMs * this.speech.options.sampleRateHz) / 1000));
    this.#spoken += 1;
    this.#samples += samples;
    const pcm = new Int16Array(samples).fill(this.speech.sample);
    this.#chunks.push(alignment ? { pcm, alignment } : { pcm });
  }

  /** Ends the speech now. */
  finish(): void {
    if (this.#outcome !== 'open') return;
    this.#chunks.end();
    this.#settle('finished');
  }

  /** Fails now. */
  fail(code: ProviderErrorCode): void {
    this.#failWith(fakeFailure(this.speech.info, code));
  }

  /** Called on an abort, at the session's end and when the consumer leaves the loop. */
  cancel(): void {
    this.#chunks.discard();
    if (this.#outcome === 'open') this.#settle('cancelled');
  }

  async #play(script: FakeSpeechScript | 'manual'): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.#source.next();
        if (this.#outcome !== 'open') return;
        if (done) break;
        this.sentences.push(value);
        if (script !== 'manual' && !(await this.#say(value, script))) return;
      }
    } catch (error) {
      return this.#failWith(error);
    }
    this.#isTextDone = true;
    if (script !== 'manual') this.finish();
  }

  /** False when the speech must not continue. */
  async #say(sentence: string, script: FakeSpeechScript): Promise<boolean> {
    const { msPerCharacter = 60, chunkMs = 200, firstChunkMs = 0, gapMs = 0, failure, stallAfterChunks } = script;
    const perChunk = Math.max(1, Math.floor(chunkMs / msPerCharacter));
    for (let from = 0; from < sentence.length; from += perChunk) {
      if (this.#spoken === stallAfterChunks) return false;
      if (!(await sleep(this.speech.clock, this.#spoken === 0 ? firstChunkMs : gapMs, this.#stop.signal))) return false;
      if (this.#spoken === failure?.afterChunks) {
        this.fail(failure.code);
        return false;
      }
      const chars = [...sentence.slice(from, from + perChunk)];
      const atMs = (this.#samples / this.speech.options.sampleRateHz) * 1000;
      const startMs = chars.map((_char, i) => atMs + i * msPerCharacter);
      this.chunk(chars.length * msPerCharacter, { chars, startMs, durationMs: chars.map(() => msPerCharacter) });
    }
    return true;
  }

  #failWith(error: unknown): void {
    if (this.#outcome !== 'open') return;
    this.#chunks.fail(error);
    this.#settle('failed');
  }

  #settle(outcome: FakeOutcome): void {
    this.#outcome = outcome;
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort();
    // A text source that is busy returns when it is done; nothing waits for it.
    if (!this.#isTextDone) this.#source.return?.().catch(() => undefined);
  }
}
