const SOUNDED = /[\p{L}\p{M}\p{N}]/u;

/**
 * Returns how many characters of a reply's text, from its beginning, are covered by the words that were heard. Only letters and digits are
 * compared, because spaces and punctuation may differ. Undefined if the text does not begin with these words.
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
