import type { SpeechChunk } from '../ports/text-to-speech';
import { VoicedText } from './voiced-text';

/** Faster than anyone speaks: audio that is shorter than this for its text does not contain all of it. */
const FASTEST_MS_PER_CHARACTER = 35;
/** The share of the text that may be missing at the end of an alignment that counts as complete. */
const SHARE_TAKEN_FOR_NOTHING = 0.1;

/** Tracks how much of the sent text has arrived as audio. The vendor does not say which text a chunk belongs to. */
export class VoicingProgress {
  readonly #voiced = new VoicedText();
  #sentCharacters = 0;

  sent(text: string): void {
    this.#voiced.given(text);
    this.#sentCharacters += text.length;
  }

  received(chunk: SpeechChunk, durationMs: number): void {
    this.#voiced.voiced(chunk, durationMs);
  }

  /** True if more audio must follow for the text that was sent so far. */
  get isDue(): boolean {
    return this.#voiced.audioMs < this.#sentCharacters * FASTEST_MS_PER_CHARACTER;
  }

  /**
   * True if all of the text may have been voiced: either the alignment includes its last word, or the audio is long enough. An alignment
   * that ends earlier speaks against that, but not if the audio has an ordinary length, because vendors align their own version of the
   * text.
   */
  get mayBeWhole(): boolean {
    const voiced = this.#voiced;
    const position = voiced.alignedPosition;
    if (position && voiced.charactersFrom(position) <= this.#sentCharacters * SHARE_TAKEN_FOR_NOTHING) return true;
    return position ? voiced.isLongEnough : !this.isDue;
  }
}
