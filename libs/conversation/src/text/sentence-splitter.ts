import { behindFence, findFence } from './code-fence';
import { ABBREVIATION, CONJUNCTION, INITIAL, LIST_NUMBER, NUMBER_SIGN } from './sentence-words';

/** Splits a stream of tokens into pieces that a voice can speak well. Immutable: pushing text returns the next splitter. */
export interface SentenceSplitter {
  /** The text after the last complete sentence. */
  pending: string;
  /** Whether this is the first piece, which may end at a clause boundary so that speech begins early. */
  first: boolean;
  /** The marks that opened the current code block, which is not spoken. */
  fence: string | undefined;
}

export interface SplitResult {
  splitter: SentenceSplitter;
  /** The complete sentences, without code blocks. */
  sentences: string[];
}

export const newSplitter = (): SentenceSplitter => ({ pending: '', first: true, fence: undefined });

/** The first piece may end at a comma once it has this many characters. */
const FIRST_CLAUSE_MIN = 25;
/** The first piece may end before a conjunction, which is a weaker pause, once it has this many characters. */
const FIRST_PHRASE_MIN = 35;
/** A piece without any sentence end is split at a space near this length, so that no text waits forever. */
const PIECE_MAX = 300;

// The patterns depend only on the text, so that sentences end at the same places however the text was cut into tokens.

/** Ends a sentence when white space follows. Closing quotes and brackets belong to the sentence. */
const SPACED_END = /[.!?…]+["'”’)\]]*(?=\s)/gu;
/** Ends a sentence without a following space: marks of Indic, Arabic and CJK scripts. */
const UNSPACED_END = /[।॥۔؟꯫᱾᱿。｡！？]+["'”’）」』]*(?=[^।॥۔؟꯫᱾᱿。｡！？"'”’）」』])/gu;
/** Marks that certainly end a sentence, so that the first piece does not wait for the next character. */
const CERTAIN_END = /[!?।॥۔؟꯫᱾᱿。｡！？]/gu;
const LINE_END = /\S[^\S\n]*\n/gu;
/** A comma after a letter needs no look-ahead. A comma after a digit may be part of a number. */
const CLAUSE_END = /(?<=[\p{L}\p{M}]),|[,;:](?=\s)|[—，、；：،؛]/gu;

/** A word without characters that occur in addresses and file names. */
const PLAIN_WORD = /(?:^|[\s¿¡])[\p{L}\p{M}\p{N}'’-]*[\p{L}\p{M}\p{N}]$/u;
/** A link whose text or address is not closed on its line yet. */
const OPEN_LINK = /\[[^\]\n]*$|\]\([^)\n]*$/u;
/** Opening quotes and brackets, which must be closed before a piece ends. */
const OPENING = /["“‘«「『（([]/u;

/** Adds text and returns the sentences that are complete now, in order. Joined, their texts are the pushed text without code blocks. */
export const pushText = (splitter: SentenceSplitter, text: string): SplitResult =>
  split({ ...splitter, pending: splitter.pending + text }, false);

/** Ends the text. What is left is the last sentence. */
export function flushText(splitter: SentenceSplitter): SplitResult {
  const { splitter: left, sentences } = split(splitter, true);
  return { splitter: { ...left, pending: '' }, sentences: left.pending === '' ? sentences : [...sentences, left.pending] };
}

/** Takes piece after piece off the pending text. `isWhole` means that no more text will come. */
function split(splitter: SentenceSplitter, isWhole: boolean): SplitResult {
  const sentences: string[] = [];
  let left = splitter;
  for (;;) {
    const next = left.fence === undefined ? takePiece(left, isWhole, sentences) : passCode(left, left.fence, isWhole);
    if (next === undefined) return { splitter: left, sentences };
    left = next;
  }
}

/** Removes the text up to the end of the first piece or to a code block. Undefined while more text may still belong to the piece. */
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

/** Drops code line by line as it arrives, so that the end of the block is noticed. */
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

/** The index just after the first piece of `text`. Undefined while more text may still belong to it. */
function pieceEnd(text: string, first: boolean): number | undefined {
  // One character more than a piece holds, because the patterns look ahead.
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

/** Whether the mark follows a plain word and no quote or bracket is open. */
const isCertain = (upTo: string): boolean => PLAIN_WORD.test(upTo.slice(0, -1)) && !OPENING.test(upTo);

const isSentenceEnd = (before: string): boolean =>
  isOutsideLink(before) && ![ABBREVIATION, NUMBER_SIGN, INITIAL, LIST_NUMBER].some((pattern) => pattern.test(before));

/** A link must stay in one piece, so that it is recognised and its address is left out. */
const isOutsideLink = (upTo: string): boolean => !OPEN_LINK.test(upTo);

/** Marks of emphasis and code come in pairs and must stay in one piece to be recognised. A clause can end later instead. */
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
