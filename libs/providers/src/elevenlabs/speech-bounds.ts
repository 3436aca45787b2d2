import { ProviderError } from '../ports/provider-error';

/** The slowest voice reads out numbers at about this rate. Pauses are covered by the base. */
const MOST_MS_PER_CHARACTER = 600;
const MOST_MS_AT_LEAST = 5_000;
/** Pieces usually contain a word or more. Even a vendor that sends single characters stays below this. */
const MOST_PIECES_PER_CHARACTER = 4;
const MOST_PIECES_AT_LEAST = 200;

/**
 * Limits the amount of audio for a text. A vendor that sends more no longer speaks the text, and its audio would otherwise be kept and
 * played without end.
 */
export class SpeechBounds {
  #characters = 0;
  #pieces = 0;

  /** Records that more text was sent to the vendor. */
  sent(text: string): void {
    this.#characters += text.length;
  }

  /**
   * Records that another piece has arrived. `receivedMs` is the length of all audio so far. Throws if that is more than the text can take.
   */
  received(receivedMs: number): void {
    this.#pieces += 1;
    const mostMs = MOST_MS_AT_LEAST + MOST_MS_PER_CHARACTER * this.#characters;
    const mostPieces = MOST_PIECES_AT_LEAST + MOST_PIECES_PER_CHARACTER * this.#characters;
    if (receivedMs <= mostMs && this.#pieces <= mostPieces) return;
    throw new ProviderError('elevenlabs', 'bad_response', 'elevenlabs sent more audio than the text can be');
  }
}
