import { findBreaks, forcedCut, type Break } from '../text';

/** A piece of a paragraph: `text.slice(start, end)`. */
export interface ParagraphPiece {
  start: number;
  end: number;
}

/** Breaks are looked for so far from the wanted place, as a part of it. Beyond, a weaker break nearer to it is better. */
const SPREAD = 0.4;

/**
 * Cuts a paragraph into pieces of at most `max` characters of about the same length, at sentence ends, else clauses, else words. Depends on
 * this paragraph only.
 */
export function cutParagraph(text: string, max: number): ParagraphPiece[] {
  const pieces: ParagraphPiece[] = [];
  const { breaks } = text.length > max ? findBreaks(text, true) : { breaks: [] };
  let start = 0;
  while (text.length - start > max) {
    const left = text.length - start;
    const end = pieceEnd(text, breaks, start, left / Math.ceil(left / max), max);
    pieces.push({ start, end });
    start = end;
  }
  pieces.push({ start, end: text.length });
  return pieces;
}

function pieceEnd(text: string, breaks: readonly Break[], start: number, wanted: number, max: number): number {
  const inside = breaks.filter(({ index }) => index > start && text.slice(start, index).trimEnd().length <= max);
  const distance = ({ index }: Break): number => Math.abs(index - start - wanted);
  const near = inside.filter((candidate) => distance(candidate) <= wanted * SPREAD);
  const ofKind = (list: readonly Break[], kinds: readonly Break['kind'][]): Break[] => list.filter(({ kind }) => kinds.includes(kind));
  const choices = [ofKind(near, ['sentence', 'paragraph']), ofKind(near, ['clause']), near, inside].find((list) => list.length > 0);
  if (!choices) return start + forcedCut(text.slice(start), Math.floor(wanted / 2), max);
  return choices.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best)).index;
}
