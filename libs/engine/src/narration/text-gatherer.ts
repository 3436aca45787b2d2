import { AutoSchedule, CHUNK_SCHEDULES, TextChunker } from '@parley/narration';

/** Gathers the text of one segment until there is enough of it to be spoken well. */
export class TextGatherer {
  /** The schedule that the vendor is told. What `auto` decides, it decides here. */
  readonly schedule: readonly number[];
  readonly #auto: AutoSchedule | undefined;
  readonly #chunker: TextChunker;

  constructor(choice: 'auto' | readonly number[]) {
    this.schedule = choice === 'auto' ? CHUNK_SCHEDULES.balanced : choice;
    this.#auto = choice === 'auto' ? new AutoSchedule() : undefined;
    this.#chunker = new TextChunker(this.#auto ?? this.schedule);
  }

  /** Takes text, and returns what is to be spoken now. `bufferedMs` is the speech that the listener has and has not heard yet. */
  add(text: string, bufferedMs: number): readonly string[] {
    this.#auto?.heard(text);
    this.#auto?.buffered(bufferedMs);
    return this.#chunker.push(text);
  }

  /** Returns the text that was held. More may follow. */
  flush(): readonly string[] {
    const rest = this.#chunker.flush();
    return rest === undefined ? [] : [rest];
  }
}
