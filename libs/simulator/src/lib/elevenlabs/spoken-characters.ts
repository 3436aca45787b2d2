import type { SpokenWord } from '../speech/ports';

/** When one character of a text is spoken. */
export interface SpokenCharacter {
  char: string;
  startMs: number;
  endMs: number;
}

interface Span {
  startMs: number;
  endMs: number;
}

/** How many spoken words ahead a written word is searched for: "10:30 pm" is spoken as four words. */
const LOOK_AHEAD = 6;

/**
 * Spreads the exact times of the spoken words over the characters of the text. What was written and what is spoken differ ("42" is two
 * words): written words without a spoken counterpart share the time between the neighbours that have one.
 */
export function spokenCharacters(text: string, words: readonly SpokenWord[], durationMs: number): SpokenCharacter[] {
  const pieces = text.split(/(\s+)/).filter((piece) => piece !== '');
  const written = pieces.filter((piece) => piece.trim() !== '');
  const spans = spansOf(written, words, durationMs);
  const characters: SpokenCharacter[] = [];
  let at = 0;
  let next = 0;
  for (const piece of pieces) {
    const isWord = piece.trim() !== '';
    const nextSpan = spans.at(next);
    // A space lasts from the word before it to the word after it.
    const span: Span = isWord ? (nextSpan ?? { startMs: at, endMs: at }) : { startMs: at, endMs: Math.max(at, nextSpan?.startMs ?? at) };
    if (isWord) next += 1;
    const chars = Array.from(piece);
    const stepMs = (span.endMs - span.startMs) / chars.length;
    for (const [i, char] of chars.entries()) {
      characters.push({ char, startMs: span.startMs + i * stepMs, endMs: span.startMs + (i + 1) * stepMs });
    }
    at = span.endMs;
  }
  return characters;
}

function spansOf(written: readonly string[], words: readonly SpokenWord[], durationMs: number): Span[] {
  if (written.length === words.length) return words.map(({ startMs, endMs }) => ({ startMs, endMs }));
  const twins = twinsOf(written, words);
  const firstMs = words.at(0)?.startMs ?? 0;
  const lastMs = words.at(-1)?.endMs ?? durationMs;
  const spans: Span[] = [];
  for (let i = 0; i < written.length;) {
    const twin = twins[i];
    if (twin) {
      spans.push({ startMs: twin.startMs, endMs: twin.endMs });
      i += 1;
      continue;
    }
    let end = i;
    while (end < written.length && !twins[end]) end += 1;
    const gap = { startMs: spans.at(-1)?.endMs ?? firstMs, endMs: twins[end]?.startMs ?? lastMs };
    spans.push(...shareOut(written.slice(i, end), gap));
    i = end;
  }
  return spans;
}

function twinsOf(written: readonly string[], words: readonly SpokenWord[]): (SpokenWord | undefined)[] {
  let from = 0;
  return written.map((word) => {
    const found = words.findIndex((spoken, k) => k >= from && k < from + LOOK_AHEAD && bare(spoken.word) === bare(word));
    if (found < 0) return undefined;
    from = found + 1;
    return words[found];
  });
}

function shareOut(written: readonly string[], gap: Span): Span[] {
  const total = written.reduce((sum, word) => sum + word.length, 0);
  const perCharacterMs = Math.max(0, gap.endMs - gap.startMs) / total;
  let at = gap.startMs;
  return written.map((word) => {
    const span = { startMs: at, endMs: at + word.length * perCharacterMs };
    at = span.endMs;
    return span;
  });
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
