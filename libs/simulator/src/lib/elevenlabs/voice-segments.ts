import type { SpokenFrame } from './spoken-frames';
import type { SpokenLine } from './speech-request';

interface Segment {
  line: number;
  startMs: number;
  endMs: number;
  firstCharacter: number;
  /** Behind the last one. */
  endCharacter: number;
}

/** Which line of a dialogue is spoken when, over one or more frames. Frames of the same line in a row are one segment. */
export class VoiceSegments {
  readonly #segments: Segment[] = [];
  #characters = 0;

  constructor(
    private readonly lines: readonly SpokenLine[],
    private atMs = 0,
  ) {}

  add({ line = 0, durationMs, characters }: SpokenFrame): void {
    const last = this.#segments.at(-1);
    const segment =
      last?.line === line ? last : { line, startMs: this.atMs, endMs: this.atMs, firstCharacter: this.#characters, endCharacter: 0 };
    if (segment !== last) this.#segments.push(segment);
    this.atMs += durationMs;
    this.#characters += characters.length;
    segment.endMs = this.atMs;
    segment.endCharacter = this.#characters;
  }

  /** The segments in the vendor's format: times in seconds, and indices into the characters of the same answer or chunk. */
  get rows(): object[] {
    return this.#segments.map(({ line, startMs, endMs, firstCharacter, endCharacter }) => ({
      voice_id: this.lines[line]?.voiceId,
      start_time_seconds: Math.round(startMs) / 1000,
      end_time_seconds: Math.round(endMs) / 1000,
      character_start_index: firstCharacter,
      character_end_index: endCharacter,
      dialogue_input_index: line,
    }));
  }
}
