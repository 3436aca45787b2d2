const LINK = /!?\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)/gu;
const FOOTNOTE = /\[\^[^\]\s]*\]/gu;
/** A backslash before a sign, or at a line's end. */
const ESCAPE = /\\(?=[^\p{L}\p{N}\s]|\s*(?:\n|$))/gu;
/** What stands before a line: heading, quotation, bullet, box to tick. */
const LINE_START = /(^|\n)[^\S\n]*(?:(?:#{1,6}|>|[-*+•])[^\S\n]+(?:\[[ xX]\][^\S\n]+)?)+/gu;
/** Emphasis, code, tables. Single signs between spaces are meant: "2 * 3". */
const MARKDOWN = /\*+(?=\S)|(?<=\S)\*+|`+|~~|\|/gu;
const UNDERSCORES = /(^|[^\p{L}\p{N}_])_+|_+(?=$|[^\p{L}\p{N}_])/gu;
const TAG = /<\/?[a-z][^<>]*>/giu;
/** Pictures, flags, skin tones, key caps and what joins them. Digits are no pictures, although Unicode lets them begin a key cap. */
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\u20e3|\ufe0f/gu;

/** A sentence as a voice should read it: without Markdown signs, link addresses and emoji. Empty when nothing is left to say. */
export function speakableText(sentence: string): string {
  const text = sentence
    .replace(LINK, '$1')
    .replace(FOOTNOTE, '')
    .replace(ESCAPE, '')
    .replace(TAG, ' ')
    .replace(LINE_START, '$1')
    .replace(MARKDOWN, '')
    .replace(UNDERSCORES, '$1')
    .replaceAll('_', ' ')
    .replace(EMOJI, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(text) ? text : '';
}
