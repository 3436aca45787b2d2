import { chunkCut, lastCut } from './chunk-cut';
import { scheduleEntry, type ChunkSchedule } from './schedules';

/** Says how long the next chunk should be, from the text that is held for it and the number of chunks before it. */
export interface ChunkLengths {
  next(held: string, chunk: number): number;
  /** Whenever this number changes, the length is asked for again, also for a chunk that has begun. */
  readonly revision?: number;
  /** Is told each piece of text before it is cut. */
  arrived?(piece: string): void;
}

/**
 * Cuts text that arrives in pieces of any size into chunks for generation. Joined, the chunks are the text exactly as it came. With a fixed
 * schedule they do not depend on how the text was split into pieces. The schedule must have passed `checkSchedule`.
 */
export class TextChunker {
  readonly #lengths: ChunkLengths;
  #held = '';
  #chunks = 0;
  /** Wanted for the text that is held, and the revision at which it was asked for. */
  #wanted: { length: number; revision: number | undefined } | undefined;

  constructor(schedule: ChunkSchedule | ChunkLengths) {
    this.#lengths = 'next' in schedule ? schedule : { next: (_, chunk) => scheduleEntry(schedule, chunk) };
  }

  /** The text that is not in a chunk yet. At most about 1 400 characters. */
  get held(): string {
    return this.#held;
  }

  /** Adds text and returns the chunks that are complete now, in order. */
  push(piece: string): string[] {
    this.#lengths.arrived?.(piece);
    this.#held += piece;
    const ready: string[] = [];
    for (let cut = this.#nextCut(); cut !== undefined; cut = this.#nextCut()) ready.push(this.#take(cut));
    return ready;
  }

  /** Returns what is held as the last chunk; undefined if nothing is. More text may follow. */
  flush(): string | undefined {
    return this.#held === '' ? undefined : this.#take(this.#held.length);
  }

  /** Returns what is held up to its last sentence end, otherwise clause or word end; undefined without one. The rest stays held. */
  flushWords(): string | undefined {
    const cut = lastCut(this.#held);
    return cut === undefined ? undefined : this.#take(cut);
  }

  #nextCut(): number | undefined {
    if (this.#held === '') return undefined;
    const { revision } = this.#lengths;
    if (!this.#wanted || this.#wanted.revision !== revision) {
      this.#wanted = { length: this.#lengths.next(this.#held, this.#chunks), revision };
    }
    return chunkCut(this.#held, this.#wanted.length);
  }

  #take(end: number): string {
    const chunk = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    this.#chunks += 1;
    this.#wanted = undefined;
    return chunk;
  }
}
