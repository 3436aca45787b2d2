import { findBreaks, findTags, forcedCut, tagAround, type Break } from '../text';

/** A better place is waited for up to this multiple of the wanted length. */
const REACH = 1.5;
/** Text without any break is cut at this many characters behind the reach. */
const PATIENCE = 100;
/** Text behind the last place that may be a cut, which usually decides it. */
const CONTEXT = 60;

/**
 * Where the first chunk of `text` ends: at the first sentence end from `wanted` characters on and within reach, else the first clause end,
 * else the first word end. Undefined while more text decides. Depends only on the text, not on how it arrives.
 */
export function chunkCut(text: string, wanted: number): number | undefined {
  if (text.length < wanted) return undefined;
  // More text does not move a cut, so a long text need not be searched to its end for each of its chunks.
  const start = text.slice(0, Math.ceil(wanted * REACH) + PATIENCE + CONTEXT);
  return cutOf(start, wanted) ?? (start.length < text.length ? cutOf(text, wanted) : undefined);
}

function cutOf(text: string, wanted: number): number | undefined {
  const { breaks, certainUpTo } = findBreaks(text, false);
  const reach = Math.ceil(wanted * REACH);
  const far = breaks.filter(({ index }) => index >= wanted && index <= certainUpTo);
  const near = far.filter(({ index }) => index <= reach);
  const sentence = near.find(isSentence);
  if (sentence) return sentence.index;
  if (certainUpTo < reach) return undefined;
  const place = near.find(({ kind }) => kind === 'clause') ?? near[0] ?? far[0];
  const bound = reach + PATIENCE;
  if (place && place.index <= bound) return place.index;
  // The character behind the bound tells whether it belongs to the one before. It may be a surrogate pair.
  if (certainUpTo < bound || text.length < bound + 2) return undefined;
  return outsideTags(text, forcedCut(text.slice(0, bound + 2), wanted, bound));
}

/**
 * Where a text is cut that has to be spoken before the next chunk is complete: at its last sentence end, otherwise at its last clause end,
 * otherwise at its last word end. Undefined if it has none: its last word may still be written.
 */
export function lastCut(text: string): number | undefined {
  // With a space behind it, a full stop at the end is known to end a sentence. A word is not: its rest may follow.
  const { breaks } = findBreaks(`${text} `, false);
  const last = breaks.findLast(isSentence) ?? breaks.findLast(({ kind }) => kind === 'clause') ?? breaks.at(-1);
  return last && Math.min(last.index, text.length);
}

const isSentence = ({ kind }: Break): boolean => kind === 'sentence' || kind === 'paragraph';

function outsideTags(text: string, cut: number): number {
  const tag = tagAround(findTags(text, false).tags, cut);
  if (!tag) return cut;
  return tag.start > 0 ? tag.start : tag.end;
}
