import { chunkCut } from './chunk-cut';
import { scheduleEntry, type ChunkSchedule } from './schedules';

/** Says how long the next chunk should be, from the text that is held for it and the number of chunks before it. */
export interface ChunkLengths {
  next(held: string, chunk: number): number;
}

/**
 * Cuts text that arrives in pieces of any size into chunks for generation. Joined, the chunks are the text exactly as it came. With a fixed
 * schedule they do not depend on how the text was split into pieces. The schedule must have passed `checkSchedule`.
 */
export class TextChunker {
  readonly #lengths: ChunkLengths;
  #held = '';
  #chunks = 0;
  /** Wanted for the text that is held; asked for once per chunk. */
  #wanted: number | undefined;

  constructor(schedule: ChunkSchedule | ChunkLengths) {
    this.#lengths = 'next' in schedule ? schedule : { next: (_, chunk) => scheduleEntry(schedule, chunk) };
  }

  /** The text that is not in a chunk yet. At most about 1 400 characters. */
  get held(): string {
    return this.#held;
  }

  /** Adds text and returns the chunks that are complete now, in order. */
  push(piece: string): string[] {
    this.#held += piece;
    const ready: string[] = [];
    for (let cut = this.#nextCut(); cut !== undefined; cut = this.#nextCut()) ready.push(this.#take(cut));
    return ready;
  }

  /** Returns what is held as the last chunk; undefined if nothing is. More text may follow. */
  flush(): string | undefined {
    return this.#held === '' ? undefined : this.#take(this.#held.length);
  }

  #nextCut(): number | undefined {
    if (this.#held === '') return undefined;
    this.#wanted ??= this.#lengths.next(this.#held, this.#chunks);
    return chunkCut(this.#held, this.#wanted);
  }

  #take(end: number): string {
    const chunk = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    this.#chunks += 1;
    this.#wanted = undefined;
    return chunk;
  }
}
