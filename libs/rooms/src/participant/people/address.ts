/** The words of a text, without case, punctuation and possessive endings. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLocaleLowerCase('und')
    .replace(/[’']s(?!\p{L})/gu, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Whether the words contain the assistant's name, which may have several words. */
export function isAddressed(text: string, name: string): boolean {
  const sought = wordsOf(name);
  const words = wordsOf(text);
  if (sought.length === 0) return false;
  return words.some((_, start) => sought.every((word, index) => words[start + index] === word));
}
