/** An emoji that is shown as a picture by itself or by a variation selector, with its skin tones and joined emoji, or half of a flag. */
const EMOJI =
  /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?:\ufe0f|(?=\p{Emoji_Modifier})))(?:\p{Emoji_Modifier}|\ufe0f|[\u{e0020}-\u{e007f}]|\u200d\p{Extended_Pictographic})*|\p{Regional_Indicator}/gu;
/** A key cap: a digit or sign that is shown on a key. */
const KEY_CAP = /([\d#*])\ufe0f?\u20e3/gu;
const WORD_AT_END = /[\p{L}\p{M}\p{N}]$/u;
const WORD_AT_START = /^[\p{L}\p{N}]/u;

/** The text without emoji. Words on both sides of one stay apart. Joiners between the letters of a script are not part of an emoji. */
export function withoutEmoji(text: string): string {
  return text.replace(KEY_CAP, '$1').replace(EMOJI, (emoji, offset: number, whole: string) => {
    const isBetweenWords = WORD_AT_END.test(whole.slice(0, offset)) && WORD_AT_START.test(whole.slice(offset + emoji.length));
    return isBetweenWords ? ' ' : '';
  });
}
