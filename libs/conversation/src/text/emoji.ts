/** A picture: one that is shown as such by itself or is asked to be, with its skin tones and all that is joined to it; or half of a flag. */
const EMOJI =
  /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?:\ufe0f|(?=\p{Emoji_Modifier})))(?:\p{Emoji_Modifier}|\ufe0f|[\u{e0020}-\u{e007f}]|\u200d\p{Extended_Pictographic})*|\p{Regional_Indicator}/gu;
/** A digit or sign on a key. */
const KEY_CAP = /([\d#*])\ufe0f?\u20e3/gu;
const WORD_AT_END = /[\p{L}\p{M}\p{N}]$/u;
const WORD_AT_START = /^[\p{L}\p{N}]/u;

/** The text without pictures, words that stood around one still apart. What joins the letters of many scripts is no part of a picture. */
export function withoutEmoji(text: string): string {
  return text.replace(KEY_CAP, '$1').replace(EMOJI, (emoji, offset: number, whole: string) => {
    const isBetweenWords = WORD_AT_END.test(whole.slice(0, offset)) && WORD_AT_START.test(whole.slice(offset + emoji.length));
    return isBetweenWords ? ' ' : '';
  });
}
