import type { CharacterAlignment, SpeechChunk } from '../../ports/text-to-speech';
import type { SpeechAssembler } from '../speech-assembler';
import { characterTimes } from './character-times';
import { FADE_MS, fadeIn, fadeOut } from './fade';
import { FrameAlignment } from './frame-alignment';
import { HeldPcm } from './held-pcm';
import { type Anchor, TextMatcher } from './text-matcher';
import { nextBreak, nextSentence } from './word-breaks';

/** Where a narration continues. */
export interface Continuation {
  /** Position in the given text. */
  position: number;
  /** This much of the audio from there on was already handed out, in milliseconds. */
  skipMs: number;
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

/** A place in the audio before which exactly the text before `position` is spoken. */
interface Boundary {
  position: number;
  atMs: number;
  /** Time between the end of the word before it and this place. */
  pauseMs: number;
}

/** Two words that come from different attempts are at least this far apart, because they were not spoken in one breath. */
const JOINT_PAUSE_MS = 60;
/** Audio whose words are unknown is handed out after all when this much of it is held. */
const MOST_HELD_MS = 4_000;
/** Up to this length, audio whose words are unknown is skipped in the next attempt, which speaks it at nearly the same pace. */
const MOST_SKIPPED_MS = 1_500;
/** A word may begin slightly earlier than the vendor says. */
const LEAD_MS = 15;
const ROUNDING_MS = 20;
/** Times are whole milliseconds. */
const PRECISION_MS = 2;
/** Faster than anyone speaks. More text than this cannot have been spoken in audio without alignment. */
const FASTEST_MS_PER_CHARACTER = 45;

/**
 * The audio of one attempt to speak a text from a position on. It finds out which words were spoken, hands out audio that ends with a word,
 * and holds the rest back until the next word has ended. When the attempt fails, it says where the next one has to continue, so that no
 * word is missing or repeated: what was held back is dropped and spoken again. The joint is faded on both sides.
 *
 * If audio without any alignment was handed out, the next attempt skips as much of its own audio if that is short. Otherwise it continues
 * with the first sentence that cannot have begun yet: it is better to miss something than to repeat it.
 */
export class AttemptAudio {
  readonly #matcher = new TextMatcher();
  readonly #alignment = new FrameAlignment(this.#matcher);
  readonly #held = new HeldPcm();
  readonly #skipSamples: number;
  readonly #fadeSamples: number;
  #anchors: Anchor[] = [];
  /** Samples of this attempt that arrived, and that were handed out or skipped. */
  #arrived = 0;
  #handedOut: number;
  #boundary: Boundary;
  /** Position up to which the times of the characters were handed out. */
  #toldTo: number;
  #toldMs = 0;
  #hasBoundary = false;

  constructor(private readonly options: AttemptAudioOptions) {
    const { from, sampleRateHz } = options;
    this.#skipSamples = Math.round((from.skipMs * sampleRateHz) / 1000);
    this.#fadeSamples = Math.round((FADE_MS * sampleRateHz) / 1000);
    this.#handedOut = this.#skipSamples;
    this.#boundary = { position: from.position, atMs: 0, pauseMs: Infinity };
    this.#toldTo = from.position;
    this.#hasBoundary = options.startMs > 0;
  }

  /** Audio of this attempt that was received so far, in milliseconds. */
  get receivedMs(): number {
    return this.options.assembler.receivedMs;
  }

  /** Position up to which the text is known to be spoken, according to the alignment. */
  get spokenTo(): number {
    return Math.max(this.#boundary.position, (this.#anchors.at(-1)?.position ?? -1) + 1);
  }

  /** True if all of the text that was sent is aligned. */
  get isAlignedToEnd(): boolean {
    return this.#matcher.isAtEnd;
  }

  /** Samples that were handed out. */
  get handedOutSamples(): number {
    return this.#handedOut - this.#skipSamples;
  }

  /** Records that the text from `from` to `to` was sent. */
  sent(from: number, to: number): void {
    this.#matcher.give(this.options.text(), from, to);
  }

  /** Takes a frame. Returns what can be handed out, if anything. */
  push(bytes: Uint8Array, alignment: CharacterAlignment | undefined): SpeechChunk | undefined {
    const { assembler } = this.options;
    const startMs = assembler.receivedMs;
    const pcm = assembler.push(bytes)?.pcm;
    this.#arrive(pcm);
    if (alignment) this.#anchors.push(...this.#alignment.read(alignment, { startMs, durationMs: assembler.receivedMs - startMs }));
    else this.#alignment.missing();
    this.#advance();
    if (this.options.handsOut === 'all') return this.#handOutAll();
    const isFirst = !this.#hasBoundary && this.#boundary.atMs === 0;
    const isTooMuch = this.#held.length > (MOST_HELD_MS / 1000) * this.options.sampleRateHz;
    return isFirst || isTooMuch ? this.release() : this.#handOutToBoundary();
  }

  /** Returns everything that was held back, because no more audio may come for a while. */
  release(): SpeechChunk | undefined {
    return this.#handOut(this.#arrived - this.#fadeSamples, this.#boundary.position, this.#boundary.atMs);
  }

  /** Returns the rest of an attempt that has spoken all text up to `to`. If more audio will follow, the end is faded out. */
  finish(to: number, { isLast }: { isLast: boolean }): SpeechChunk | undefined {
    this.#arrive(this.options.assembler.flush()?.pcm);
    return this.#handOut(this.#arrived, to, this.#arrivedMs, !isLast);
  }

  /** Returns what may still be handed out after a failure, and where to continue. */
  lost(): { chunk: SpeechChunk | undefined; continuation: Continuation } {
    const boundary = this.#boundary;
    const boundarySamples = this.#samplesAt(boundary.atMs);
    if (this.#handedOut <= boundarySamples) {
      const chunk = this.#handOut(boundarySamples, boundary.position, boundary.atMs, true);
      const silence = this.#samplesAt(Math.max(0, JOINT_PAUSE_MS - boundary.pauseMs));
      return { chunk: chunk && withSilence(chunk, silence), continuation: { position: boundary.position, skipMs: 0 } };
    }
    const last = this.#handedOut + Math.min(this.#held.length, this.#fadeSamples);
    const unknownMs = ((last - boundarySamples) / this.options.sampleRateHz) * 1000;
    if (unknownMs <= MOST_SKIPPED_MS) {
      return {
        chunk: this.#handOut(last, boundary.position, boundary.atMs, true),
        continuation: { position: boundary.position, skipMs: unknownMs },
      };
    }
    const position = this.#notBegun(boundary.position, unknownMs);
    return { chunk: this.#handOut(last, position, this.#arrivedMs, true), continuation: { position, skipMs: 0 } };
  }

  get #arrivedMs(): number {
    return (this.#arrived / this.options.sampleRateHz) * 1000;
  }

  #samplesAt(ms: number): number {
    return Math.round((ms * this.options.sampleRateHz) / 1000);
  }

  #arrive(pcm: Int16Array | undefined): void {
    if (!pcm) return;
    const skipped = Math.min(Math.max(0, this.#skipSamples - this.#arrived), pcm.length);
    this.#arrived += pcm.length;
    this.#held.push(skipped === 0 ? pcm : pcm.subarray(skipped));
  }

  /** Moves the boundary to the last place in the received audio at which a word is known to begin or to have ended. */
  #advance(): void {
    const text = this.options.text();
    const begun = this.#anchors.findLastIndex((anchor, index) => this.#beginsWord(anchor, this.#anchors[index - 1], text));
    const anchor = this.#anchors[begun];
    const wordEndMs = this.#anchors[begun - 1]?.endMs ?? this.#boundary.atMs - this.#boundary.pauseMs;
    if (anchor) this.#move(anchor.position - this.#opening(anchor.position, text), this.#startOf(begun, anchor), wordEndMs);
    const last = this.#anchors.at(-1);
    if (
      !last?.isSure ||
      !this.#alignment.isUpToDate ||
      this.#matcher.leavesOut ||
      this.#alignment.lastEndMs > this.#arrivedMs + PRECISION_MS
    )
      return;
    const end = nextBreak(text, last.position);
    // The punctuation at the end of a word may have a pause of its own.
    const isOver = /^\s?$/u.test(this.#alignment.lastCharacter) || text.slice(0, end).trimEnd().endsWith(this.#alignment.lastCharacter);
    if (isOver && !this.#matcher.hasGivenWithin(last.position + 1, end)) this.#move(end, this.#arrivedMs, last.endMs);
  }

  #beginsWord(anchor: Anchor, before: Anchor | undefined, text: string): boolean {
    const { position, startMs, isSure } = anchor;
    if (!isSure || startMs - LEAD_MS > this.#arrivedMs || position <= this.#boundary.position) return false;
    if (before && before.endMs > startMs + ROUNDING_MS) return false;
    return this.#matcher.startsWord(position) && position <= text.length;
  }

  /** Returns the number of characters before a word that belong to it, such as a bracket. */
  #opening(position: number, text: string): number {
    const opening = /[^\s]*$/u.exec(text.slice(Math.max(this.#boundary.position, position - 8), position))?.[0] ?? '';
    return this.#matcher.hasGivenWithin(position - opening.length, position) ? 0 : opening.length;
  }

  #startOf(index: number, anchor: Anchor): number {
    const previousEndMs = this.#anchors[index - 1]?.endMs ?? 0;
    return Math.min(Math.max(previousEndMs, anchor.startMs - LEAD_MS), this.#arrivedMs);
  }

  #move(position: number, atMs: number, wordEndMs: number): void {
    if (position <= this.#boundary.position) return;
    this.#boundary = { position, atMs: Math.max(atMs, this.#boundary.atMs), pauseMs: atMs - wordEndMs };
    this.#hasBoundary = true;
  }

  #handOutAll(): SpeechChunk | undefined {
    const last = this.#anchors.findLast(({ endMs }) => endMs <= this.#arrivedMs + ROUNDING_MS);
    return this.#handOut(this.#arrived - this.#fadeSamples, last ? last.position + 1 : this.#toldTo, last?.endMs ?? 0);
  }

  #handOutToBoundary(): SpeechChunk | undefined {
    const { position, atMs } = this.#boundary;
    return this.#handOut(this.#samplesAt(atMs) - this.#fadeSamples, position, atMs);
  }

  /** Hands out samples up to `end`, with the times of the characters before `position`, which end at `atMs`. */
  #handOut(end: number, position: number, atMs: number, isFadedOut = false): SpeechChunk | undefined {
    const begin = this.#handedOut;
    const pcm = this.#held.take(end - begin);
    if (pcm.length === 0) return undefined;
    this.#handedOut += pcm.length;
    if (this.options.startMs > 0) fadeIn(pcm, begin - this.#skipSamples, this.#fadeSamples);
    if (isFadedOut) fadeOut(pcm, this.#fadeSamples);
    if (position <= this.#toldTo) return { pcm };
    const alignment = this.#tell(position, atMs);
    return { pcm, alignment };
  }

  #tell(to: number, toMs: number): CharacterAlignment {
    const { text, startMs, from } = this.options;
    const told = this.#anchors.filter((anchor) => anchor.position < to);
    this.#anchors = this.#anchors.filter((anchor) => anchor.position >= to);
    const alignment = characterTimes(text(), { from: this.#toldTo, to, fromMs: this.#toldMs, toMs }, told);
    this.#toldTo = to;
    this.#toldMs = Math.max(this.#toldMs, toMs);
    // Times before the joint belong to audio that was skipped.
    return { ...alignment, startMs: alignment.startMs.map((ms) => Math.max(startMs, startMs + ms - from.skipMs)) };
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
