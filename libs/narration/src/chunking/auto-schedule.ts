import { bufferLevel, type BufferLevel } from './buffer-level';
import { passageKind } from './passage-kind';
import { PASSAGE_SCHEDULES, scheduleEntry, type ChunkSchedule, type PassageKind } from './schedules';
import { type ChunkLengths } from './text-chunker';

/** So many characters before the next chunk tell what kind of passage it is in. */
const REMEMBERED = 600;
/** Another kind must be seen for so many chunks in a row. */
const CHUNKS_TO_CHANGE = 2;

/**
 * The chunk lengths of `auto`: by the kind of the passage, and by how much audio the listener has ahead. Give it to a `TextChunker`, tell it
 * the text with `heard` as it arrives, and the listener's buffer with `buffered`.
 */
export class AutoSchedule implements ChunkLengths {
  #passage = '';
  #kind: PassageKind | undefined;
  #other: { kind: PassageKind; chunks: number } | undefined;
  #level: BufferLevel = 'normal';

  /** Adds text to what the passage is judged by. Call it before the same text is pushed to the chunker. */
  heard(piece: string): void {
    this.#passage = (this.#passage + piece).slice(-REMEMBERED);
  }

  /** Milliseconds of audio that the listener has and has not heard yet. Until it is told, the schedule is followed as it is. */
  buffered(milliseconds: number): void {
    this.#level = bufferLevel(milliseconds, this.#level);
  }

  get kind(): PassageKind {
    return this.#kind ?? 'balanced';
  }

  get level(): BufferLevel {
    return this.#level;
  }

  next(held: string, chunk: number): number {
    this.#judge(passageKind(this.#passage === '' ? held : this.#passage));
    const schedule: ChunkSchedule = PASSAGE_SCHEDULES[this.kind];
    if (this.#level === 'low') return Math.min(...schedule);
    return this.#level === 'high' ? Math.max(...schedule) : scheduleEntry(schedule, chunk);
  }

  #judge(kind: PassageKind): void {
    if (this.#kind === undefined || kind === this.#kind) {
      this.#kind = kind;
      this.#other = undefined;
      return;
    }
    const chunks = this.#other?.kind === kind ? this.#other.chunks + 1 : 1;
    this.#other = { kind, chunks };
    if (chunks < CHUNKS_TO_CHANGE) return;
    this.#kind = kind;
    this.#other = undefined;
  }
}
