/** Where a stream of tokens is cut into pieces that a voice can speak well. A value: pushing text returns the next one. */
export interface SentenceSplitter {
  /** Text that has not ended a sentence yet. */
  pending: string;
  /** The first piece may end at a comma, so that speech begins early. */
  first: boolean;
}

export interface SplitResult {
  splitter: SentenceSplitter;
  sentences: string[];
}

export const newSplitter = (): SentenceSplitter => ({ pending: '', first: true });

/** The first piece may end at a clause once it is this long, in characters. */
const FIRST_PIECE_MIN = 25;
/** Without any sentence end a piece is cut at a space here, so that no text waits for ever. */
const PIECE_MAX = 300;

// Every pattern looks at least one character ahead (or needs none): what ends a sentence is the same however the text was cut into tokens.

/** Ends a sentence when white space follows; closing quotes and brackets belong to it. */
const SPACED_END = /[.!?…]+["'”’)\]]*(?=\s)/gu;
/** Ends a sentence without a space behind it: Indic dandas and CJK marks. */
const UNSPACED_END = /[।॥。！？]+["'”’）」』]*(?=[^।॥。！？"'”’）」』])/gu;
const LINE_END = /\S[^\S\n]*\n/gu;
const CLAUSE_END = /[,;:—](?=\s)|[，、；：]/gu;

const ABBREVIATION =
  /(?:^|[\s("'])(?:mr|mrs|ms|dr|prof|sr|jr|st|vs|etc|e\.g|i\.e|approx|fig|inc|ltd|co|dept|est|gen|col|sgt|capt|rev|hon|a\.m|p\.m|u\.s|u\.k)\.$/iu;
/** "No." is an answer where it stands alone, and a number's name elsewhere. */
const NUMBER_SIGN = /\S\s+no\.$/iu;
/** "I." ends a sentence more often than it is a name. */
const INITIAL = /(?:^|[\s("'.])(?!I)\p{Lu}\.$/u;
/** "1." at a line's start numbers a list. */
const LIST_NUMBER = /(?:^|\n)\s*\d{1,3}\.$/u;

/** Adds text as it comes; returns the sentences that are whole now, in order. Their texts joined are the text pushed. */
export function pushText(splitter: SentenceSplitter, text: string): SplitResult {
  const sentences: string[] = [];
  let { pending, first } = { pending: splitter.pending + text, first: splitter.first };
  for (;;) {
    const end = pieceEnd(pending, first);
    if (end === undefined) return { splitter: { pending, first }, sentences };
    const piece = pending.slice(0, end);
    pending = pending.slice(end);
    sentences.push(piece);
    if (piece.trim() !== '') first = false;
  }
}

/** The text is complete: what is left is the last sentence. */
export function flushText(splitter: SentenceSplitter): SplitResult {
  const sentences = splitter.pending === '' ? [] : [splitter.pending];
  return { splitter: { pending: '', first: splitter.first && splitter.pending.trim() === '' }, sentences };
}

/** Index just behind the first piece of `text`, or `undefined` as long as more text may still be part of it. */
function pieceEnd(text: string, first: boolean): number | undefined {
  // One character more than a piece holds: patterns look ahead.
  const head = text.slice(0, PIECE_MAX + 1);
  const ends = [firstEnd(head, LINE_END), firstEnd(head, UNSPACED_END), firstEnd(head, SPACED_END, isSentenceEnd)];
  if (first) ends.push(firstEnd(head, CLAUSE_END, isLongEnough));
  return smallest(ends) ?? overlongEnd(head);
}

const isSentenceEnd = (before: string): boolean =>
  ![ABBREVIATION, NUMBER_SIGN, INITIAL, LIST_NUMBER].some((pattern) => pattern.test(before));

const isLongEnough = (before: string): boolean => before.trim().length >= FIRST_PIECE_MIN;

function overlongEnd(text: string): number | undefined {
  if (text.length <= PIECE_MAX) return undefined;
  const space = text.lastIndexOf(' ', PIECE_MAX - 1);
  if (space > 0) return space + 1;
  return isHighSurrogate(text.charCodeAt(PIECE_MAX - 1)) ? PIECE_MAX - 1 : PIECE_MAX;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;

function firstEnd(text: string, pattern: RegExp, accept: (before: string) => boolean = () => true): number | undefined {
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (accept(text.slice(0, end))) return end;
  }
  return undefined;
}

function smallest(ends: readonly (number | undefined)[]): number | undefined {
  const found = ends.filter((end) => end !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}
