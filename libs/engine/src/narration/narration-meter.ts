import type { NarrationNotice } from '@parley/providers';
import type { NarrationFigures } from './narration-event';

/** Counts what a narration does. */
export class NarrationMeter {
  #firstTextMs: number | undefined;
  #ttfbMs: number | undefined;
  readonly #counts = {
    characters: 0,
    audioMs: 0,
    chunksSent: 0,
    chunksReceived: 0,
    reconnects: 0,
    cacheHits: 0,
    fallbacks: 0,
    billedCharacters: 0,
  };

  constructor(private readonly now: () => number) {}

  get figures(): NarrationFigures {
    return { ...this.#counts, ...(this.#ttfbMs !== undefined && { ttfbMs: this.#ttfbMs }) };
  }

  received(characters: number): void {
    this.#counts.characters += characters;
  }

  /** A piece of text is to be spoken now. */
  textTaken(): void {
    this.#firstTextMs ??= this.now();
  }

  /** A piece of text is being given to the vendor. */
  textGiven(): void {
    this.textTaken();
    this.#counts.chunksSent += 1;
  }

  /** The audio of a piece of text came from the cache. */
  cacheHit(): void {
    this.#counts.cacheHits += 1;
    this.#audioCame();
  }

  /** A piece of audio came from the vendor. */
  audioReceived(): void {
    this.#counts.chunksReceived += 1;
    this.#audioCame();
  }

  #audioCame(): void {
    if (this.#firstTextMs !== undefined) this.#ttfbMs ??= this.now() - this.#firstTextMs;
  }

  played(durationMs: number): void {
    this.#counts.audioMs += durationMs;
  }

  readonly notice = (notice: NarrationNotice): void => {
    if (notice.type === 'reconnected') this.#counts.reconnects += 1;
    if (notice.type === 'fallback') this.#counts.fallbacks += 1;
    if (notice.type === 'billed') this.#counts.billedCharacters += notice.characters;
  };
}
