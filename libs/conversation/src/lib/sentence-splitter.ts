import { ABBREVIATION, CONJUNCTION, INITIAL, LIST_NUMBER, NUMBER_SIGN } from './sentence-words';

/** Where a stream of tokens is cut into pieces that a voice can speak well. A value: pushing text returns the next one. */
export interface SentenceSplitter {
  /** Text that has not ended a sentence yet. */
  pending: string;
  /** The first piece may end at a clause, so that speech begins early. */
  first: boolean;
  /** Within a fenced block of code, which nobody wants to hear. */
  fenced: boolean;
}

export interface SplitResult {
  splitter: SentenceSplitter;
  /** Without blocks of code. */
  sentences: string[];
}

export const newSplitter = (): SentenceSplitter => ({ pending: '', first: true, fenced: false });

/** The first piece may end at a comma once it is this long, in characters... */
const FIRST_CLAUSE_MIN = 25;
/** ...and before a conjunction, which is a lesser pause, once it is this long. */
const FIRST_PHRASE_MIN = 35;
/** Without any sentence end a piece is cut at a space here, so that no text waits for ever. */
const PIECE_MAX = 300;

// What a pattern matches depends on the text alone: what ends a sentence is the same however the text was cut into tokens.

/** Ends a sentence when white space follows; closing quotes and brackets belong to it. */
const SPACED_END = /[.!?…]+["'”’)\]]*(?=\s)/gu;
/** Ends a sentence without a space behind it: the marks of Indic and Arabic scripts, and CJK ones. */
const UNSPACED_END = /[।॥۔؟꯫᱾᱿。｡！？]+["'”’）」』]*(?=[^।॥۔؟꯫᱾᱿。｡！？"'”’）」』])/gu;
/** Marks that leave no doubt: the first piece does not wait for what follows them. */
const CERTAIN_END = /[!?।॥۔؟꯫᱾᱿。｡！？]/gu;
const LINE_END = /\S[^\S\n]*\n/gu;
/** A comma behind a letter needs no look ahead; one behind a digit may be within a number. */
const CLAUSE_END = /(?<=[\p{L}\p{M}]),|[,;:](?=\s)|[—，、；：،؛]/gu;

/** The line that opens a block of code, or closes it. */
const FENCE = /^\s*(?:`{3,}[^`\n]*|~{3,}[^~\n]*)\n?$/u;
/** A word without anything that an address or a file name is made of. */
const PLAIN_WORD = /(?:^|[\s¿¡])[\p{L}\p{M}\p{N}'’-]*[\p{L}\p{M}\p{N}]$/u;
/** What is opened has to be closed first. */
const OPENING = /["“‘«「『（([]/u;

/** Adds text as it comes; returns the sentences that are whole now, in order. Their texts joined are the text pushed, without blocks of code. */
export function pushText(splitter: SentenceSplitter, text: string): SplitResult {
  const sentences: string[] = [];
  let next: SentenceSplitter = { ...splitter, pending: splitter.pending + text };
  for (;;) {
    const end = next.fenced ? firstEnd(next.pending, CODE_END) : pieceEnd(next.pending, next.first);
    if (end === undefined) return { splitter: next, sentences };
    const piece = next.pending.slice(0, end);
    next = takePiece({ ...next, pending: next.pending.slice(end) }, piece, sentences);
  }
}

/** The text is complete: what is left is the last sentence. */
export function flushText(splitter: SentenceSplitter): SplitResult {
  const sentences: string[] = [];
  const flushed = { ...splitter, pending: '' };
  return { splitter: splitter.pending === '' ? flushed : takePiece(flushed, splitter.pending, sentences), sentences };
}

/** Code is let go of as it comes, a line at a time, so that its end is seen. */
const CODE_END = /\n/gu;

function takePiece(splitter: SentenceSplitter, piece: string, sentences: string[]): SentenceSplitter {
  if (FENCE.test(piece)) return { ...splitter, fenced: !splitter.fenced };
  if (splitter.fenced) return splitter;
  sentences.push(piece);
  return piece.trim() === '' ? splitter : { ...splitter, first: false };
}

/** Index just behind the first piece of `text`, or `undefined` as long as more text may still be part of it. */
function pieceEnd(text: string, first: boolean): number | undefined {
  // One character more than a piece holds: patterns look ahead.
  const head = text.slice(0, PIECE_MAX + 1);
  const ends = [firstEnd(head, LINE_END), firstEnd(head, UNSPACED_END), firstEnd(head, SPACED_END, isSentenceEnd)];
  if (first) {
    ends.push(
      firstEnd(head, CERTAIN_END, isCertain),
      firstEnd(head, CLAUSE_END, isLongerThan(FIRST_CLAUSE_MIN)),
      firstEnd(head, CONJUNCTION, isLongerThan(FIRST_PHRASE_MIN)),
    );
  }
  return smallest(ends) ?? overlongEnd(head);
}

/** Behind a word, and not within quotes or brackets that are still to be closed. */
const isCertain = (upTo: string): boolean => PLAIN_WORD.test(upTo.slice(0, -1)) && !OPENING.test(upTo);

const isSentenceEnd = (before: string): boolean =>
  ![ABBREVIATION, NUMBER_SIGN, INITIAL, LIST_NUMBER].some((pattern) => pattern.test(before));

const isLongerThan =
  (min: number) =>
  (before: string): boolean =>
    before.trim().length >= min;

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
