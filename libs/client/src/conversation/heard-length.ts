const SOUNDED = /[\p{L}\p{M}\p{N}]/u;

/**
 * How much of a reply's text are the words that were heard, in characters from its beginning. The words are compared by their letters and
 * digits alone: the voice's text may be spaced and punctuated otherwise. Undefined where they are not how the text begins.
 */
export function heardLength(text: string, heardText: string): number | undefined {
  const heard = [...heardText].filter((char) => SOUNDED.test(char));
  let length = 0;
  let at = 0;
  for (const char of text) {
    if (heard.length === 0) break;
    at += char.length;
    if (!SOUNDED.test(char)) continue;
    if (char.toLowerCase() !== heard[0]?.toLowerCase()) return undefined;
    heard.shift();
    length = at;
  }
  return length;
}
