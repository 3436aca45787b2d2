import type { CharacterAlignment, SpeechChunk } from '../../ports/text-to-speech';
import type { SpeechAssembler } from '../speech-assembler';
import { characterTimes } from './character-times';
import { FADE_MS, fadeIn, fadeOut } from './fade';
import { FrameAlignment } from './frame-alignment';
import { HeldPcm } from './held-pcm';
import { type Anchor, TextMatcher } from './text-matcher';
import { WordBoundary } from './word-boundary';
import { nextBreak, nextSentence } from './word-breaks';

/** Where a narration continues. */
export interface Continuation {
  /** Position in the given text. */
  position: number;
  /** This much of the audio from there on was already handed out, in milliseconds. */
  skipMs: number;
  /** Whether `skipMs` counts from the beginning of the word at `position`, and not from the beginning of the audio. */
  isInWord?: boolean;
}

export interface AttemptAudioOptions {
  /** The whole text so far. It may grow. */
  text: () => string;
  from: Continuation;
  /** Audio of this call that was handed out before, in milliseconds. */
  startMs: number;
  sampleRateHz: number;
  assembler: SpeechAssembler;
  /**
   * What is handed out at once. `words`: what is known to end with a word, so that another attempt can continue there; what precedes the
   * first word of a call is handed out, too, so that it does not begin later. `all`: everything, if no other attempt will continue.
   */
  handsOut: 'words' | 'all';
}

/** Two words that come from different attempts are at least this far apart, because they were not spoken in one breath. */
const JOINT_PAUSE_MS = 60;
/** Audio whose words are unknown is handed out after all when this much of it is held. */
const MOST_HELD_MS = 4_000;
/** Up to this length, audio whose words are unknown is skipped in the next attempt, which speaks it at nearly the same pace. */
const MOST_SKIPPED_MS = 1_500;
/** When this much audio has arrived without an alignment, the beginning of the audio is taken for the beginning of the word. */
const MOST_UNALIGNED_MS = 500;
const ROUNDING_MS = 20;
/** Faster than anyone speaks. More text than this cannot have been spoken in audio without alignment. */
const FASTEST_MS_PER_CHARACTER = 45;

/**
 * The audio of one attempt to speak a text from a position on. It finds out which words were spoken, hands out audio that ends with a word,
 * and holds the rest back until the next word has ended. When the attempt fails, it says where the next one has to continue, so that no
 * word is missing or repeated: what was held back is dropped and spoken again. The joint is faded on both sides.
 *
 * If audio was handed out of which the words are not known, the next attempt skips as much of its own audio if that is short. Otherwise it
 * continues with the first sentence that cannot have begun yet: it is better to miss something than to repeat it.
 */
export class AttemptAudio {
  readonly #matcher = new TextMatcher();
  readonly #alignment = new FrameAlignment(this.#matcher);
  readonly #boundary: WordBoundary;
  readonly #held = new HeldPcm();
  readonly #fadeSamples: number;
  #anchors: Anchor[] = [];
  /** Samples of this attempt that arrived, and that were handed out or skipped. */
  #arrived = 0;
  #handedOut = 0;
  /** Samples to skip at the beginning, or undefined until that is known. */
  #skipSamples: number | undefined;
  #sentTo: number;
  /** Position up to which the times of the characters were handed out. */
  #toldTo: number;
  #toldMs = 0;

  constructor(private readonly options: AttemptAudioOptions) {
    const { position, skipMs, isInWord = false } = options.from;
    this.#fadeSamples = this.#samplesAt(FADE_MS);
    this.#boundary = new WordBoundary(this.#matcher, this.#alignment, position);
    this.#sentTo = position;
    this.#toldTo = position;
    if (!isInWord) this.#skipSamples = this.#samplesAt(skipMs);
  }

  /** Audio of this attempt that was received so far, in milliseconds. */
  get receivedMs(): number {
    return this.options.assembler.receivedMs;
  }

  /** Position up to which the text is known to be spoken, according to the alignment. */
  get spokenTo(): number {
    return Math.max(this.#boundary.last.position, (this.#anchors.at(-1)?.position ?? -1) + 1);
  }

  /** True if all of the text that was sent is aligned. */
  get isAlignedToEnd(): boolean {
    return this.#matcher.isAtEnd;
  }

  /** Records that the text from `from` to `to` was sent. */
  sent(from: number, to: number): void {
    this.#matcher.give(this.options.text(), from, to);
    this.#sentTo = to;
  }

  /** Takes a frame. Returns what can be handed out, if anything. */
  push(bytes: Uint8Array, alignment: CharacterAlignment | undefined): SpeechChunk | undefined {
    const { assembler, text, startMs: callMs, handsOut } = this.options;
    const startMs = assembler.receivedMs;
    this.#arrive(assembler.push(bytes)?.pcm);
    if (alignment) this.#anchors.push(...this.#alignment.read(alignment, { startMs, durationMs: assembler.receivedMs - startMs }));
    else this.#alignment.missing();
    this.#boundary.advance({ anchors: this.#anchors, arrivedMs: this.#arrivedMs, text: text(), sentTo: this.#sentTo });
    if (!this.#skip(false)) return undefined;
    if (handsOut === 'all') return this.#handOutAll();
    const isFirst = callMs === 0 && !this.#boundary.hasMoved;
    const isTooMuch = this.#held.length > this.#samplesAt(MOST_HELD_MS);
    return isFirst || isTooMuch ? this.release() : this.#handOutToBoundary();
  }

  /** Returns everything that was held back, because no more audio may come for a while. */
  release(): SpeechChunk | undefined {
    this.#skip(true);
    return this.#handOut(this.#arrived - this.#fadeSamples, this.#boundary.last.position, this.#boundary.last.atMs);
  }

  /** Returns the rest of an attempt that has spoken all text up to `to`. If more audio will follow, the end is faded out. */
  finish(to: number, { isLast }: { isLast: boolean }): SpeechChunk | undefined {
    this.#arrive(this.options.assembler.flush()?.pcm);
    this.#skip(true);
    return this.#handOut(this.#arrived, to, this.#arrivedMs, !isLast);
  }

  /** Returns what may still be handed out after a failure, and where to continue. */
  lost(): { chunk: SpeechChunk | undefined; continuation: Continuation } {
    if (!this.#hasSkipped) return { chunk: undefined, continuation: this.options.from };
    const { position, atMs, pauseMs } = this.#boundary.last;
    if (this.#handedOut <= this.#samplesAt(atMs)) {
      const chunk = this.#handOut(this.#samplesAt(atMs), position, atMs, true);
      const silence = this.#samplesAt(Math.max(0, JOINT_PAUSE_MS - pauseMs));
      return { chunk: chunk && withSilence(chunk, silence), continuation: { position, skipMs: 0 } };
    }
    const last = this.#handedOut + Math.min(this.#held.length, this.#fadeSamples);
    const lastMs = (last / this.options.sampleRateHz) * 1000;
    const word = this.#anchors.find((anchor) => anchor.position >= position);
    const isInWord = word !== undefined && word.isSure && this.#matcher.startsWord(word.position);
    const skipMs = Math.max(0, lastMs - (isInWord ? word.startMs : atMs));
    if (skipMs <= MOST_SKIPPED_MS)
      return { chunk: this.#handOut(last, position, atMs, true), continuation: { position, skipMs, isInWord } };
    const next = this.#notBegun(position, lastMs - atMs);
    return { chunk: this.#handOut(last, next, lastMs, true), continuation: { position: next, skipMs: 0 } };
  }

  get #arrivedMs(): number {
    return (this.#arrived / this.options.sampleRateHz) * 1000;
  }

  get #hasSkipped(): boolean {
    return this.#skipSamples !== undefined && this.#handedOut >= this.#skipSamples;
  }

  #samplesAt(ms: number): number {
    return Math.round((ms * this.options.sampleRateHz) / 1000);
  }

  #arrive(pcm: Int16Array | undefined): void {
    if (!pcm) return;
    this.#arrived += pcm.length;
    this.#held.push(pcm);
  }

  /** Drops what an earlier attempt has handed out. Returns false while more of it has to come. */
  #skip(isUrgent: boolean): boolean {
    const { skipMs } = this.options.from;
    const [first] = this.#anchors;
    if (this.#skipSamples === undefined && (first || isUrgent || this.#arrivedMs >= MOST_UNALIGNED_MS)) {
      this.#skipSamples = this.#samplesAt(skipMs + (first?.startMs ?? 0));
    }
    if (this.#skipSamples === undefined) return false;
    this.#handedOut += this.#held.take(this.#skipSamples - this.#handedOut).length;
    return this.#hasSkipped;
  }

  #handOutAll(): SpeechChunk | undefined {
    const last = this.#anchors.findLast(({ endMs }) => endMs <= this.#arrivedMs + ROUNDING_MS);
    return this.#handOut(this.#arrived - this.#fadeSamples, last ? last.position + 1 : this.#toldTo, last?.endMs ?? 0);
  }

  #handOutToBoundary(): SpeechChunk | undefined {
    const { position, atMs } = this.#boundary.last;
    return this.#handOut(this.#samplesAt(atMs) - this.#fadeSamples, position, atMs);
  }

  /** Hands out samples up to `end`, with the times of the characters before `position`, which end at `atMs`. */
  #handOut(end: number, position: number, atMs: number, isFadedOut = false): SpeechChunk | undefined {
    const begin = this.#handedOut;
    const pcm = this.#held.take(end - begin);
    if (pcm.length === 0) return undefined;
    this.#handedOut += pcm.length;
    if (this.options.startMs > 0) fadeIn(pcm, begin - (this.#skipSamples ?? 0), this.#fadeSamples);
    if (isFadedOut) fadeOut(pcm, this.#fadeSamples);
    return position <= this.#toldTo ? { pcm } : { pcm, alignment: this.#tell(position, atMs) };
  }

  #tell(to: number, toMs: number): CharacterAlignment {
    const { text, startMs, sampleRateHz } = this.options;
    const told = this.#anchors.filter((anchor) => anchor.position < to);
    this.#anchors = this.#anchors.filter((anchor) => anchor.position >= to);
    const alignment = characterTimes(text(), { from: this.#toldTo, to, fromMs: this.#toldMs, toMs }, told);
    this.#toldTo = to;
    this.#toldMs = Math.max(this.#toldMs, toMs);
    // Times before the joint belong to audio that was skipped.
    const skippedMs = ((this.#skipSamples ?? 0) / sampleRateHz) * 1000;
    return { ...alignment, startMs: alignment.startMs.map((ms) => Math.max(startMs, startMs + ms - skippedMs)) };
  }

  /** Returns the position of the first sentence, or else of the first word, that cannot have begun in audio of this length. */
  #notBegun(position: number, spokenMs: number): number {
    const text = this.options.text();
    const most = Math.min(text.length, position + Math.ceil(spokenMs / FASTEST_MS_PER_CHARACTER));
    return nextSentence(text, most) ?? nextBreak(text, most - 1);
  }
}

function withSilence(chunk: SpeechChunk, samples: number): SpeechChunk {
  const pcm = new Int16Array(chunk.pcm.length + samples);
  pcm.set(chunk.pcm);
  return { ...chunk, pcm };
}
