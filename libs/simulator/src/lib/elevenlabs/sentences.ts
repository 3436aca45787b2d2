/** A text's sentences, each with the white space after it. Pieces without letters or digits are left out. */
export function splitSentences(text: string): string[] {
  const sentences = text.match(/.+?(?:[.!?…।]+["'”’)\]]*(?:\s+|$)|\n+|$)/gs) ?? [];
  return sentences.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** True when the text ends where a speaker would stop. */
export function endsSentence(text: string): boolean {
  return /[.!?…।]["'”’)\]]*\s*$/.test(text);
}
