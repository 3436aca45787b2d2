import { ProviderError } from '../ports/provider-error';

/** The slowest voice spells out numbers at about this rate; pauses and a breath are in the base. */
const MOST_MS_PER_CHARACTER = 600;
const MOST_MS_AT_LEAST = 5_000;
/** Pieces are a word long or longer; a vendor that sends single characters stays below this. */
const MOST_PIECES_PER_CHARACTER = 4;
const MOST_PIECES_AT_LEAST = 200;

/** How much audio there can be of some text. Beyond that a vendor no longer speaks it: what it sends would be kept, and played, for as long as it goes on. */
export class SpeechBounds {
  #characters = 0;
  #pieces = 0;

  /** More text has been given to the vendor. */
  sent(text: string): void {
    this.#characters += text.length;
  }

  /** One more piece has come; `receivedMs`: all audio so far. Throws when that is more than the text can be. */
  received(receivedMs: number): void {
    this.#pieces += 1;
    const mostMs = MOST_MS_AT_LEAST + MOST_MS_PER_CHARACTER * this.#characters;
    const mostPieces = MOST_PIECES_AT_LEAST + MOST_PIECES_PER_CHARACTER * this.#characters;
    if (receivedMs <= mostMs && this.#pieces <= mostPieces) return;
    throw new ProviderError('elevenlabs', 'bad_response', 'elevenlabs sent more audio than the text can be');
  }
}
