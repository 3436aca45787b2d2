import type { SpeechChunk } from '../ports/text-to-speech';
import { VoicedText } from './voiced-text';

/** Faster than anyone speaks: audio that is shorter than this for its text is not all of it. */
const FASTEST_MS_PER_CHARACTER = 35;
/** What the end of a text may lack in an alignment that has reached it. */
const SHARE_TAKEN_FOR_NOTHING = 0.1;

/** How much of the text sent has come back as audio: the vendor does not say which text a chunk belongs to. */
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

  /** More audio must follow for the text sent so far. */
  get isDue(): boolean {
    return this.#voiced.audioMs < this.#sentCharacters * FASTEST_MS_PER_CHARACTER;
  }

  /**
   * All of the text may have been voiced: its last word has been, by the alignment, or the audio is long enough for it. An alignment that ends
   * earlier speaks against it, but not against audio of an ordinary length, since vendors align what they have made of the text.
   */
  get mayBeWhole(): boolean {
    const voiced = this.#voiced;
    const position = voiced.alignedPosition;
    if (position && voiced.charactersFrom(position) <= this.#sentCharacters * SHARE_TAKEN_FOR_NOTHING) return true;
    return position ? voiced.isLongEnough : !this.isDue;
  }
}
