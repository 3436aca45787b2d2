import { bufferLevel, type BufferLevel } from './buffer-level';
import { passageKind } from './passage-kind';
import { PASSAGE_SCHEDULES, scheduleEntry, type ChunkSchedule, type PassageKind } from './schedules';
import { type ChunkLengths } from './text-chunker';

/** So many characters before the next chunk tell what kind of passage it is in. */
const REMEMBERED = 600;
/** Another kind must be seen for so many chunks in a row. */
const CHUNKS_TO_CHANGE = 2;

/**
 * The chunk lengths of `auto`: by the kind of the passage, and by how much audio the listener has ahead. Give it to a `TextChunker`, and tell
 * it the listener's buffer with `buffered`.
 */
export class AutoSchedule implements ChunkLengths {
  #passage = '';
  #kind: PassageKind | undefined;
  #other: { kind: PassageKind; chunks: number } | undefined;
  #level: BufferLevel = 'normal';
  #revision = 0;
  /** The number of the chunk at which the kind was judged last. */
  #judgedAt: number | undefined;

  /** Adds text to what the passage is judged by. */
  arrived(piece: string): void {
    this.#passage = (this.#passage + piece).slice(-REMEMBERED);
  }

  /** Milliseconds of audio that the listener has and has not heard yet. Until it is told, the schedule is followed as it is. */
  buffered(milliseconds: number): void {
    const level = bufferLevel(milliseconds, this.#level);
    if (level !== this.#level) this.#revision += 1;
    this.#level = level;
  }

  /** Changes with the level, so that a long chunk that has begun does not go on waiting while the listener runs out of audio. */
  get revision(): number {
    return this.#revision;
  }

  get kind(): PassageKind {
    return this.#kind ?? 'balanced';
  }

  get level(): BufferLevel {
    return this.#level;
  }

  next(held: string, chunk: number): number {
    // Asked again for the same chunk, the kind is not counted twice.
    if (chunk !== this.#judgedAt) this.#judge(passageKind(this.#passage === '' ? held : this.#passage));
    this.#judgedAt = chunk;
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
