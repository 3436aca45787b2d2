import { resamplePcm16 } from '@parley/audio';
import type { DrawDelay } from '../latency';
import type { Random } from '../random';
import { sleep } from '../server/sleep';
import type { SimulatorLimits } from '../simulator';
import type { Synthesiser } from '../speech/ports';
import { endsSentence, splitSentences } from './sentences';
import { spokenCharacters, type SpokenCharacter } from './spoken-characters';
import { cutFrames, type FrameLengths, type SpokenFrame } from './spoken-frames';

export interface SpeechQueueOptions {
  synthesiser: Synthesiser;
  rateHz: number;
  delay: DrawDelay;
  random: Random;
  limits: Pick<SimulatorLimits, 'elevenLabsSpeed'>;
  /** The frame lengths of the next sentence; those of text to speech when left out. */
  chunkMs?: () => FrameLengths | undefined;
  /** What is spoken for a text, if that is not the text itself. */
  spokenForm?: (text: string) => string;
}

/** How a text is to be spoken. */
export interface Manner {
  /** The embedded voice. */
  voice: string;
  /** Silence after the text, if it stops in the middle of a sentence. Default: 0. */
  padMs?: number;
  /** Speech is this many times faster; its pitch rises with it. Default: 1. */
  speed?: number;
  /** Index of the dialogue line that the text belongs to; its frames name it. */
  line?: number;
}

interface Sentence {
  text: string;
  voice: string;
  padMs: number;
  speed: number;
  line: number | undefined;
  /** Called when its last frame has been sent. */
  after: (() => void)[];
}

interface Speech {
  pcm: Int16Array;
  characters: readonly SpokenCharacter[];
}

/**
 * Speaks texts one after the other. The first frame comes after the vendor's latency, counted from the first text; then frames follow faster
 * than real time, and the next sentence is synthesised while one is streamed. An abort of `signal` ends `frames` without an error.
 */
export class SpeechQueue {
  readonly #sentences: Sentence[] = [];
  /** The sentence that was added last, spoken or not. */
  #last: Sentence | undefined;
  #ahead: { sentence: Sentence; speech: Promise<Speech> } | undefined;
  #streaming = false;
  #ended = false;
  #firstFrameAtMs: number | undefined;
  #wake: () => void = () => undefined;

  constructor(
    private readonly options: SpeechQueueOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** True while there is something left to speak. */
  get busy(): boolean {
    return !this.signal.aborted && (this.#sentences.length > 0 || this.#ahead !== undefined || this.#streaming);
  }

  say(text: string, { voice, padMs = 0, speed = 1, line }: Manner): void {
    const sentences = splitSentences(text);
    for (const [i, sentence] of sentences.entries()) {
      const isCutOff = i === sentences.length - 1 && !endsSentence(sentence);
      this.#last = { text: sentence, voice, padMs: isCutOff ? padMs : 0, speed, line, after: [] };
      this.#sentences.push(this.#last);
    }
    if (sentences.length > 0) this.#firstFrameAtMs ??= performance.now() + this.options.delay('ttsFirstChunkMs');
    this.#synthesiseAhead();
    this.#wake();
  }

  /** Calls back when everything added so far has been taken from `frames`; at once when nothing is left to speak. */
  whenSpoken(callback: () => void): void {
    if (this.busy && this.#last) this.#last.after.push(callback);
    else callback();
  }

  /** No more text will come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The speech, paced. Consumed once. Throws when synthesis fails. */
  async *frames(): AsyncGenerator<SpokenFrame> {
    const onAbort = (): void => this.#wake();
    this.signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!this.signal.aborted) {
        const ahead = this.#ahead;
        if (ahead) {
          this.#streaming = true;
          yield* this.#stream(ahead.sentence, ahead.speech);
          this.#streaming = false;
          if (!this.signal.aborted) for (const callback of ahead.sentence.after) callback();
        } else if (this.#ended) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.signal.removeEventListener('abort', onAbort);
    }
  }

  async *#stream({ line }: Sentence, ahead: Promise<Speech>): AsyncGenerator<SpokenFrame> {
    const { rateHz, random, limits, chunkMs } = this.options;
    let speech: Speech;
    try {
      speech = await ahead;
    } catch (error) {
      if (this.signal.aborted) return;
      throw error;
    }
    this.#ahead = undefined;
    this.#synthesiseAhead();
    if (!(await sleep((this.#firstFrameAtMs ?? 0) - performance.now(), this.signal))) return;
    for (const frame of cutFrames(speech.pcm, rateHz, speech.characters, random, chunkMs?.())) {
      yield line === undefined ? frame : { ...frame, line };
      if (!(await sleep(frame.durationMs / limits.elevenLabsSpeed, this.signal))) return;
    }
  }

  #synthesiseAhead(): void {
    if (this.#ahead || this.signal.aborted) return;
    const sentence = this.#sentences.shift();
    if (!sentence) return;
    this.#ahead = { sentence, speech: this.#synthesise(sentence) };
    // The consumer of `frames` gets the failure.
    this.#ahead.speech.catch(() => undefined);
  }

  async #synthesise({ text, voice, padMs, speed }: Sentence): Promise<Speech> {
    const { synthesiser, rateHz, spokenForm } = this.options;
    const said = await synthesiser.speak((spokenForm?.(text) ?? text).trim(), voice, this.signal);
    // Samples that are taken to be closer together sound faster.
    const fromRateHz = Math.round(said.sampleRateHz * speed);
    const words = said.words.map(({ word, startMs, endMs }) => ({ word, startMs: startMs / speed, endMs: endMs / speed }));
    const resampled = fromRateHz === rateHz ? said.pcm : resamplePcm16(said.pcm, fromRateHz, rateHz);
    const padded = new Int16Array(resampled.length + Math.round((padMs * rateHz) / 1000));
    padded.set(resampled);
    return { pcm: padded, characters: spokenCharacters(text, words, (resampled.length * 1000) / rateHz) };
  }
}
