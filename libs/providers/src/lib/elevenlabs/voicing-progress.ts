/** Faster than anyone speaks: audio that is shorter than this for its text is not all of it. */
const FASTEST_MS_PER_CHARACTER = 35;
const SHARE_TAKEN_FOR_WHOLE = 0.9;

/** How much of the text sent has come back as audio: the vendor does not say which text a chunk belongs to. */
export class VoicingProgress {
  #sentCharacters = 0;
  #alignedCharacters = 0;
  #receivedMs = 0;

  sent(text: string): void {
    this.#sentCharacters += text.length;
  }

  received(receivedMs: number, alignedCharacters: number): void {
    this.#receivedMs = receivedMs;
    this.#alignedCharacters += alignedCharacters;
  }

  /** More audio must follow for the text sent so far. */
  get isDue(): boolean {
    return this.#receivedMs < this.#sentCharacters * FASTEST_MS_PER_CHARACTER;
  }

  /** All of the text may have been voiced: by its characters where the vendor reported them, else by the length of the audio. */
  get mayBeWhole(): boolean {
    if (this.#alignedCharacters > 0) return this.#alignedCharacters >= this.#sentCharacters * SHARE_TAKEN_FOR_WHOLE;
    return !this.isDue;
  }
}
