import type { SpokenCharacter } from '../spoken-characters';

/** Estimates what the listener has heard, assuming that playback began with the first audio and never paused: the vendor knows no more. */
export class PlaybackEstimate {
  readonly #characters: { char: string; endsAtMs: number }[] = [];
  #endsAtMs = 0;

  /** Adds audio that was sent at `nowMs` (`performance.now()`). Character times count from the start of this audio. */
  add(durationMs: number, characters: readonly SpokenCharacter[], nowMs: number): void {
    const startsAtMs = Math.max(this.#endsAtMs, nowMs);
    for (const { char, endMs } of characters) this.#characters.push({ char, endsAtMs: startsAtMs + endMs });
    this.#endsAtMs = startsAtMs + durationMs;
  }

  /** True while audio that was sent is not yet played. */
  isPlaying(nowMs: number): boolean {
    return nowMs < this.#endsAtMs;
  }

  /** The text heard so far, cut after the last whole word. */
  heardText(nowMs: number): string {
    const next = this.#characters.findIndex(({ endsAtMs }) => endsAtMs > nowMs);
    const heard = this.#characters.slice(0, next < 0 ? undefined : next).map(({ char }) => char);
    const text = heard.join('');
    const isBetweenWords = next < 0 || /\s/.test(this.#characters[next]?.char ?? '');
    return (isBetweenWords ? text : text.replace(/\S+$/, '')).trimEnd();
  }
}
