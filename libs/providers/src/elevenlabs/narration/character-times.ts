import type { CharacterAlignment } from '../../ports/text-to-speech';
import type { Anchor } from './text-matcher';

export interface TextSpan {
  from: number;
  to: number;
  /** The time at which the span begins and ends, in the time of the anchors. */
  fromMs: number;
  toMs: number;
}

/**
 * Returns the times of all characters of a span of the text. Characters between two anchors, such as spaces, punctuation and what the
 * vendor has not aligned, share the time between them. Times never go back and stay within the span.
 */
export function characterTimes(text: string, { from, to, fromMs, toMs }: TextSpan, anchors: readonly Anchor[]): CharacterAlignment {
  const known = new Map(anchors.map((anchor) => [anchor.position, anchor]));
  const alignment: CharacterAlignment = { chars: [], startMs: [], durationMs: [] };
  let atMs = fromMs;
  let unknown: string[] = [];
  const add = (char: string, startMs: number, endMs: number): void => {
    const start = Math.min(Math.max(startMs, atMs), Math.max(toMs, fromMs));
    atMs = Math.min(Math.max(endMs, start), Math.max(toMs, fromMs));
    alignment.chars.push(char);
    alignment.startMs.push(start);
    alignment.durationMs.push(atMs - start);
  };
  const addUnknown = (untilMs: number): void => {
    const startMs = atMs;
    const stepMs = Math.max(0, untilMs - startMs) / unknown.length;
    for (const [index, char] of unknown.entries()) add(char, startMs + index * stepMs, startMs + (index + 1) * stepMs);
    unknown = [];
  };
  for (let position = from; position < to;) {
    const char = String.fromCodePoint(text.codePointAt(position) ?? 0);
    const anchor = known.get(position);
    if (anchor) {
      addUnknown(anchor.startMs);
      add(char, anchor.startMs, anchor.endMs);
    } else unknown.push(char);
    position += char.length;
  }
  addUnknown(toMs);
  return alignment;
}
