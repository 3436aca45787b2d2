/** A text's sentences with the white space after them: joined, they are the text again, but for pieces without anything to say. */
export function splitSentences(text: string): string[] {
  const sentences = text.match(/.+?(?:[.!?…।]+["'”’)\]]*(?:\s+|$)|\n+|$)/gs) ?? [];
  return sentences.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** True when the text ends where a speaker would stop. */
export function endsSentence(text: string): boolean {
  return /[.!?…।]["'”’)\]]*\s*$/.test(text);
}
