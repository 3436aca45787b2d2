import type { SpokenCharacter } from '../spoken-characters';

/** What a listener has heard who began to play when the first audio was sent and never paused. That is all the vendor knows. */
export class PlaybackEstimate {
  readonly #characters: { char: string; endsAtMs: number }[] = [];
  #endsAtMs = 0;

  /** Audio that was sent at `nowMs` (`performance.now()`). Times of its characters from its start. */
  add(durationMs: number, characters: readonly SpokenCharacter[], nowMs: number): void {
    const startsAtMs = Math.max(this.#endsAtMs, nowMs);
    for (const { char, endMs } of characters) this.#characters.push({ char, endsAtMs: startsAtMs + endMs });
    this.#endsAtMs = startsAtMs + durationMs;
  }

  /** True while audio that was sent is not yet played. */
  isPlaying(nowMs: number): boolean {
    return nowMs < this.#endsAtMs;
  }

  /** The whole words heard by then. */
  heardText(nowMs: number): string {
    const next = this.#characters.findIndex(({ endsAtMs }) => endsAtMs > nowMs);
    const heard = this.#characters.slice(0, next < 0 ? undefined : next).map(({ char }) => char);
    const text = heard.join('');
    const isBetweenWords = next < 0 || /\s/.test(this.#characters[next]?.char ?? '');
    return (isBetweenWords ? text : text.replace(/\S+$/, '')).trimEnd();
  }
}
