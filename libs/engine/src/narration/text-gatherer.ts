import { AutoSchedule, CHUNK_SCHEDULES, TextChunker } from '@parley/narration';

/** With less audio than this the listener soon hears nothing: a voice needs about as long for its first audio. Milliseconds. */
const ALMOST_NOTHING_MS = 1_000;
/** How long more text is waited for then. Single words, each spoken on its own, sound bad. Milliseconds. */
const PATIENCE_MS = 1_200;

/** Gathers the text of one segment until there is enough of it to be spoken well. */
export class TextGatherer {
  /** The schedule that the vendor is told. What `auto` decides, it decides here. */
  readonly schedule: readonly number[];
  readonly #auto: AutoSchedule | undefined;
  readonly #chunker: TextChunker;
  /** When the text that is held began to wait, or when text was given to the voice after that. */
  #waitsSinceMs: number | undefined;

  constructor(
    choice: 'auto' | readonly number[],
    private readonly now: () => number,
  ) {
    this.schedule = choice === 'auto' ? CHUNK_SCHEDULES.balanced : choice;
    this.#auto = choice === 'auto' ? new AutoSchedule() : undefined;
    this.#chunker = new TextChunker(this.#auto ?? this.schedule);
  }

  /** Whether text is held that may have to be spoken although no more text comes (`reconsider`). */
  get isWaiting(): boolean {
    return this.#auto !== undefined && this.#chunker.held !== '';
  }

  /** Takes text, and returns what is to be spoken now. `bufferedMs` is the speech that the listener has and has not heard yet. */
  add(text: string, bufferedMs: number): readonly string[] {
    this.#auto?.buffered(bufferedMs);
    return this.#gave(this.#chunker.push(text));
  }

  /** Returns what is to be spoken now because the listener runs out of audio. */
  reconsider(bufferedMs: number): readonly string[] {
    if (!this.isWaiting) return [];
    const ready = this.add('', bufferedMs);
    const waitedMs = this.now() - (this.#waitsSinceMs ?? this.now());
    if (ready.length > 0 || bufferedMs >= ALMOST_NOTHING_MS || waitedMs < PATIENCE_MS) return ready;
    return this.#gave(listOf(this.#chunker.flushWords()));
  }

  /** Returns the text that was held. More may follow. */
  flush(): readonly string[] {
    return this.#gave(listOf(this.#chunker.flush()));
  }

  #gave(ready: readonly string[]): readonly string[] {
    if (this.#chunker.held === '') this.#waitsSinceMs = undefined;
    else if (ready.length > 0) this.#waitsSinceMs = this.now();
    else this.#waitsSinceMs ??= this.now();
    return ready;
  }
}

const listOf = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);
