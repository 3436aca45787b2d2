import { type MappedText } from './mapped-text';
import { type ProblemList } from './problem-list';
import { PAUSE_MAX_MS, PAUSE_MIN_MS } from './script';

/** A stretch of a paragraph that is spoken, or a pause in it. */
export type ParagraphPart = { type: 'text'; text: MappedText } | { type: 'pause'; ms: number; offset: number };

/** `[word …]`, `<name …>` and `</name>`; the last groups are missing if the markup is not closed. */
const TAG = /\[(?=\/?\p{L})([^[\]]*)(\])?|<(\/?)([A-Za-z][A-Za-z-]*)(?=[\s/>]|$)([^<>]*)(>)?/gu;
const PAUSE = /^pause\s+(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s)$/iu;
const BREAK_TIME = /\btime\s*=\s*["'](\d{1,9}(?:\.\d{1,6})?)\s*(ms|s)["']/iu;
const PHONEME = /\bph\s*=\s*(?:"[^"]+"|'[^']+')/u;
const PHONEME_CONTENT = /^[^<[]*<\/phoneme\s*>/iu;
/** Longer than any direction to the voice. */
const AUDIO_TAG_MAX = 60;

/**
 * Checks the markup of a paragraph and divides it at its pauses. `[pause 1s]` and `<break time="1s"/>` are pauses; `<phoneme>` stays in the
 * text; so do other tags in brackets such as `[laughs]` if `audioTags` is set. Everything else is a problem.
 */
export function splitAtPauses(paragraph: MappedText, audioTags: boolean, problems: ProblemList): ParagraphPart[] {
  const { text } = paragraph;
  const parts: ParagraphPart[] = [];
  const pattern = new RegExp(TAG);
  let start = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const offset = paragraph.offsetAt(match.index);
    const problem = (message: string): void => problems.add(offset, message);
    const found = match[4] === undefined ? bracketTag(match, audioTags) : elementTag(match, text.slice(match.index + match[0].length));
    if (found.problem !== undefined) problem(found.problem);
    if (found.isOpen) pattern.lastIndex = match.index + 1;
    else pattern.lastIndex += found.skip ?? 0;
    if (found.pauseMs === undefined) continue;
    parts.push({ type: 'text', text: paragraph.trimmed(start, match.index) }, { type: 'pause', ms: found.pauseMs, offset });
    start = match.index + match[0].length;
  }
  parts.push({ type: 'text', text: paragraph.trimmed(start, text.length) });
  return parts.filter((part) => part.type === 'pause' || part.text.text !== '');
}

interface FoundTag {
  problem?: string;
  /** The markup is not closed; what follows its first character is text. */
  isOpen?: boolean;
  /** Characters behind the match that belong to the markup. */
  skip?: number;
  pauseMs?: number;
}

function bracketTag([whole, content = '', close]: RegExpExecArray, audioTags: boolean): FoundTag {
  const word = /^\/?[\p{L}\p{M}]+/u.exec(content)?.[0] ?? '';
  if (close === undefined) return { problem: `The markup "[${word}" is not closed. Add "]".`, isOpen: true };
  if (word.toLowerCase() === 'pause') {
    const time = PAUSE.exec(content.trim());
    return time ? pause(time) : { problem: `A pause is written as "[pause 1s]" or "[pause 500ms]", not as "${whole}".` };
  }
  if (audioTags && content.length <= AUDIO_TAG_MAX) return {};
  if (audioTags) return { problem: `A tag in brackets has at most ${AUDIO_TAG_MAX} characters.` };
  return { problem: `The tag "${shortened(whole)}" is not known. Tags such as "[laughs]" need a model that performs them.` };
}

function elementTag([whole, , , slash, name = '', attributes = '', close]: RegExpExecArray, after: string): FoundTag {
  const tag = name.toLowerCase();
  const isKnown = tag === 'break' || tag === 'phoneme';
  if (close === undefined) return isKnown ? { problem: `The markup "<${name}" is not closed. Add ">".`, isOpen: true } : { isOpen: true };
  if (!isKnown) return { problem: `The tag "${shortened(whole)}" is not known.` };
  if (slash === '/') return { problem: `"${whole}" closes nothing.` };
  if (tag === 'phoneme') return phoneme(attributes, after);
  const time = BREAK_TIME.exec(attributes);
  return time ? pause(time) : { problem: `A break is written as <break time="1s"/>, not as ${whole}.` };
}

function phoneme(attributes: string, after: string): FoundTag {
  const content = PHONEME_CONTENT.exec(after)?.[0];
  if (content === undefined) return { problem: 'The markup "<phoneme" is not closed. Add "</phoneme>".' };
  if (PHONEME.test(attributes)) return { skip: content.length };
  return { problem: 'A phoneme needs its pronunciation: <phoneme alphabet="ipa" ph="…">word</phoneme>.', skip: content.length };
}

function pause([, number, unit]: RegExpExecArray): FoundTag {
  const ms = Math.round(Number(number) * (unit?.toLowerCase() === 's' ? 1_000 : 1));
  if (ms >= PAUSE_MIN_MS && ms <= PAUSE_MAX_MS) return { pauseMs: ms };
  return { problem: `A pause lasts ${PAUSE_MIN_MS} ms to ${PAUSE_MAX_MS / 1_000} s; this one has ${number} ${unit}.` };
}

const shortened = (tag: string): string => (tag.length > 40 ? `${tag.slice(0, 37)}…` : tag);
