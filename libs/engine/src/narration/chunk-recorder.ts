import { fadeIn, fadeOut } from '@parley/audio';
import type { CharacterAlignment, SpeechChunk } from '@parley/providers';
import type { ChunkIdentity } from './narration-ports';

export interface ChunkRecorderOptions {
  sampleRateHz: number;
  /** Takes a chunk whose audio is complete. Its times count from its beginning. */
  store: (chunk: ChunkIdentity, speech: SpeechChunk) => void;
}

/** A chunk of text that the voice was given and has not finished. */
interface OpenChunk {
  identity: ChunkIdentity;
  /** Length of its text whose times are known. */
  alignedTo: number;
  times: CharacterAlignment;
  /** Where the next chunk begins, in samples from the beginning of the call. */
  endsAt: number | undefined;
}

/** Enough to avoid a click between chunks that were not spoken in one breath. */
const FADE_MS = 5;
/** More audio than this without an end of a chunk means that the times cannot be relied on. */
const MOST_HELD_MS = 120_000;

/**
 * Cuts the audio of one call to a voice at the ends of the chunks that it was given, by the alignment. Records nothing from where the alignment
 * is missing or is not that of the text, and nothing of a chunk whose audio did not come to its end.
 */
export class ChunkRecorder {
  readonly #chunks: OpenChunk[] = [];
  #audio: Int16Array[] = [];
  /** Samples from the beginning of the call: where the audio that is held begins, and where it ends. */
  #heldFrom = 0;
  #heldTo = 0;
  #isLost = false;

  constructor(private readonly options: ChunkRecorderOptions) {}

  /** The voice is being given a chunk. */
  given(identity: ChunkIdentity): void {
    if (this.#isLost) return;
    this.#chunks.push({ identity, alignedTo: 0, times: { chars: [], startMs: [], durationMs: [] }, endsAt: undefined });
  }

  /** Takes audio with times from the beginning of the call. The audio is not changed. */
  heard({ pcm, alignment }: SpeechChunk): void {
    if (this.#isLost) return;
    this.#audio.push(pcm);
    this.#heldTo += pcm.length;
    if (alignment && !this.#align(alignment)) return this.#lose();
    this.#storeComplete();
    if (this.#msOf(this.#heldTo - this.#heldFrom) > MOST_HELD_MS) this.#lose();
  }

  /** The call has ended by itself: what is left of its audio belongs to the last chunk. */
  end(): void {
    const [last, ...others] = this.#chunks;
    if (this.#isLost || !last || others.length > 0) return;
    const { text } = last.identity;
    if (text.slice(last.alignedTo).trim() !== '') return;
    last.endsAt = this.#heldTo;
    this.#storeComplete();
  }

  #align({ chars, startMs, durationMs }: CharacterAlignment): boolean {
    return chars.every((character, index) => this.#place(character, startMs[index] ?? 0, durationMs[index] ?? 0));
  }

  /** False if the character is not the next one of the text. */
  #place(character: string, startMs: number, durationMs: number): boolean {
    const open = this.#chunks.find(({ alignedTo, identity }) => alignedTo < identity.text.length);
    if (!open?.identity.text.startsWith(character, open.alignedTo)) return false;
    const before = this.#chunks[this.#chunks.indexOf(open) - 1];
    if (before && open.alignedTo === 0) before.endsAt = Math.round((startMs * this.options.sampleRateHz) / 1000);
    open.alignedTo += character.length;
    open.times.chars.push(character);
    open.times.startMs.push(startMs);
    open.times.durationMs.push(durationMs);
    return true;
  }

  #storeComplete(): void {
    for (let [chunk] = this.#chunks; chunk?.endsAt !== undefined && chunk.endsAt <= this.#heldTo; [chunk] = this.#chunks) {
      this.#chunks.shift();
      const fromMs = this.#msOf(this.#heldFrom);
      const pcm = this.#take(chunk.endsAt);
      const { chars, startMs, durationMs } = chunk.times;
      // Without audio or without times the chunk could not be played again as it was.
      if (pcm.length === 0 || chars.length === 0) continue;
      const alignment = { chars, startMs: startMs.map((ms) => Math.max(0, ms - fromMs)), durationMs };
      this.options.store(chunk.identity, { pcm, alignment });
    }
  }

  /** Cuts off the audio up to a sample, as a copy that begins and ends in silence. */
  #take(end: number): Int16Array {
    const pcm = new Int16Array(Math.max(0, end - this.#heldFrom));
    let filled = 0;
    while (filled < pcm.length) {
      const [first] = this.#audio;
      if (!first) break;
      const part = first.subarray(0, pcm.length - filled);
      pcm.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.#audio.shift();
      else this.#audio[0] = first.subarray(part.length);
    }
    this.#heldFrom += pcm.length;
    const fade = Math.round((FADE_MS * this.options.sampleRateHz) / 1000);
    fadeIn(pcm, fade);
    fadeOut(pcm, fade);
    return pcm;
  }

  #msOf(samples: number): number {
    return (samples * 1000) / this.options.sampleRateHz;
  }

  #lose(): void {
    this.#isLost = true;
    this.#chunks.length = 0;
    this.#audio = [];
  }
}
