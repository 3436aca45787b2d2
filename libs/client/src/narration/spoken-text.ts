import type { NarrationAlignment } from '@parley/protocol';

/** A part of a text, in UTF-16 units: `from` inclusive, `to` exclusive. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A stretch of one voice. */
interface Segment {
  /** Where its text begins in the whole text. */
  readonly offset: number;
  /** Where each character begins in the whole text, in order. */
  readonly ats: number[];
  /** When each character begins to be heard, and when it was heard, in ms from the beginning of the segment. */
  readonly startMs: number[];
  readonly endMs: number[];
}

/** The text of a narration as far as it has become speech, and the word of it that is heard at a position of the audio. */
export class SpokenText {
  private readonly segments = new Map<number, Segment>();
  private written = '';

  /** All text that has a time. */
  get text(): string {
    return this.written;
  }

  /** Adds the next characters; messages come in the order of the text. */
  add({ segment, chars, start_ms: startMs, duration_ms: durationMs }: Omit<NarrationAlignment, 'type'>): void {
    let entry = this.segments.get(segment);
    if (!entry) {
      entry = { offset: this.written.length, ats: [], startMs: [], endMs: [] };
      this.segments.set(segment, entry);
    }
    for (const [index, char] of chars.entries()) {
      entry.ats.push(this.written.length);
      const start = startMs[index] ?? entry.startMs.at(-1) ?? 0;
      entry.startMs.push(start);
      entry.endMs.push(start + (durationMs[index] ?? 0));
      this.written += char;
    }
  }

  /** Forgets all text behind what was heard when the audio ended here: whole words. What is added next follows on it. */
  cutAfter(segment: number, playedMs: number): void {
    const entry = this.segments.get(segment);
    if (!entry) return;
    let cut = entry.ats[entry.endMs.findIndex((endMs) => endMs > playedMs + ROUNDING_MS)] ?? this.endOf(segment);
    while (cut > entry.offset && !isSpace(this.written.charAt(cut - 1)) && !isSpace(this.written.charAt(cut))) cut -= 1;
    this.written = this.written.slice(0, cut);
    const kept = entry.ats.filter((at) => at < cut).length;
    for (const list of [entry.ats, entry.startMs, entry.endMs]) list.length = kept;
    for (const later of this.segments.keys()) if (later > segment) this.segments.delete(later);
  }

  /** The word that is heard at this position of a segment; an empty range at the segment's beginning before its first word. */
  wordAt(segment: number, playedMs: number): TextRange {
    const entry = this.segments.get(segment);
    if (!entry) return { from: 0, to: 0 };
    const at = entry.ats[countUpTo(entry.startMs, playedMs) - 1];
    if (at === undefined) return { from: entry.offset, to: entry.offset };
    let from = at;
    while (from > entry.offset && !isSpace(this.written.charAt(from - 1))) from -= 1;
    let to = at;
    const end = this.endOf(segment);
    while (to < end && !isSpace(this.written.charAt(to))) to += 1;
    return { from, to };
  }

  private endOf(segment: number): number {
    return this.segments.get(segment + 1)?.offset ?? this.written.length;
  }
}

/** Times are rounded to milliseconds on their way. */
const ROUNDING_MS = 20;

const isSpace = (char: string): boolean => /\s/u.test(char);

/** How many of the ascending numbers are at most `limit`. */
export function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
