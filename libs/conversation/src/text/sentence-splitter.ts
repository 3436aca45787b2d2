import { behindFence, findFence } from './code-fence';
import { ABBREVIATION, CONJUNCTION, INITIAL, LIST_NUMBER, NUMBER_SIGN } from './sentence-words';

/** Where a stream of tokens is cut into pieces that a voice can speak well. A value: pushing text returns the next one. */
export interface SentenceSplitter {
  /** Text that has not ended a sentence yet. */
  pending: string;
  /** The first piece may end at a clause, so that speech begins early. */
  first: boolean;
  /** The marks that opened the block of code which the text is within, and which nobody wants to hear. */
  fence: string | undefined;
}

export interface SplitResult {
  splitter: SentenceSplitter;
  /** Without blocks of code. */
  sentences: string[];
}

export const newSplitter = (): SentenceSplitter => ({ pending: '', first: true, fence: undefined });

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

/** A word without anything that an address or a file name is made of. */
const PLAIN_WORD = /(?:^|[\s¿¡])[\p{L}\p{M}\p{N}'’-]*[\p{L}\p{M}\p{N}]$/u;
/** The text of a link, or its address, on the line that it begins on. */
const OPEN_LINK = /\[[^\]\n]*$|\]\([^)\n]*$/u;
/** What is opened has to be closed first. */
const OPENING = /["“‘«「『（([]/u;

/** Adds text as it comes; returns the sentences that are whole now, in order. Their texts joined are the text pushed, without blocks of code. */
export const pushText = (splitter: SentenceSplitter, text: string): SplitResult =>
  split({ ...splitter, pending: splitter.pending + text }, false);

/** The text is complete: what is left is the last sentence. */
export function flushText(splitter: SentenceSplitter): SplitResult {
  const { splitter: left, sentences } = split(splitter, true);
  return { splitter: { ...left, pending: '' }, sentences: left.pending === '' ? sentences : [...sentences, left.pending] };
}

/** Takes piece after piece off the pending text. `isWhole`: no more comes. */
function split(splitter: SentenceSplitter, isWhole: boolean): SplitResult {
  const sentences: string[] = [];
  let left = splitter;
  for (;;) {
    const next = left.fence === undefined ? takePiece(left, isWhole, sentences) : passCode(left, left.fence, isWhole);
    if (next === undefined) return { splitter: left, sentences };
    left = next;
  }
}

/** Up to the end of the first piece, or to a block of code; `undefined` as long as more text may still be part of it. */
function takePiece(splitter: SentenceSplitter, isWhole: boolean, sentences: string[]): SentenceSplitter | undefined {
  const { pending, first } = splitter;
  const end = pieceEnd(pending, first);
  const fence = findFence(pending, PIECE_MAX, isWhole);
  if (fence && (end === undefined || end > fence.start)) {
    if (fence.opening === undefined) return undefined;
    const before = pending.slice(0, fence.start);
    if (before.trim() !== '') sentences.push(before);
    return { pending: pending.slice(fence.opening.end), first: first && before.trim() === '', fence: fence.opening.mark };
  }
  if (end === undefined) return undefined;
  const piece = pending.slice(0, end);
  sentences.push(piece);
  return { ...splitter, pending: pending.slice(end), first: first && piece.trim() === '' };
}

/** Code is let go of as it comes, a line at a time, so that its end is seen. */
function passCode(splitter: SentenceSplitter, mark: string, isWhole: boolean): SentenceSplitter | undefined {
  const { pending } = splitter;
  const newline = pending.indexOf('\n');
  if (pending === '' || (newline < 0 && !isWhole)) return undefined;
  const line = newline < 0 ? pending : pending.slice(0, newline + 1);
  const rest = behindFence(line, mark);
  const after = pending.slice(line.length);
  if (rest === undefined) return { ...splitter, pending: after };
  return { ...splitter, fence: undefined, pending: rest.trim() === '' ? after : rest + after };
}

/** Index just behind the first piece of `text`, or `undefined` as long as more text may still be part of it. */
function pieceEnd(text: string, first: boolean): number | undefined {
  // One character more than a piece holds: patterns look ahead.
  const head = text.slice(0, PIECE_MAX + 1);
  const ends = [firstEnd(head, LINE_END), firstEnd(head, UNSPACED_END, isOutsideLink), firstEnd(head, SPACED_END, isSentenceEnd)];
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
  isOutsideLink(before) && ![ABBREVIATION, NUMBER_SIGN, INITIAL, LIST_NUMBER].some((pattern) => pattern.test(before));

/** A link is known as one, and its address left out, in one piece only. */
const isOutsideLink = (upTo: string): boolean => !OPEN_LINK.test(upTo);

/** Signs of emphasis and of code come in pairs, and are known as such in one piece only; a clause can do without an end. */
const isOutsideSigns = (upTo: string): boolean => [/\*{2,3}/gu, /`+/gu].every((sign) => (upTo.match(sign)?.length ?? 0) % 2 === 0);

const isLongerThan =
  (min: number) =>
  (before: string): boolean =>
    before.trim().length >= min && isOutsideLink(before) && isOutsideSigns(before);

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
