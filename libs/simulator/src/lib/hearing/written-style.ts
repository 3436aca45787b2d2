const QUESTION_OPENERS =
  /^(?:(?:and|so|but|okay|ok|well|please) )?(?:what|what's|whats|who|who's|whose|whom|where|where's|when|when's|why|which|how|how's|is|are|am|was|were|do|does|did|can|can't|could|couldn't|will|won't|would|wouldn't|shall|should|shouldn't|may|might|must|have|has|had|isn't|aren't|don't|doesn't|didn't)\b/;
const FIRST_PERSON = /\bi(?='(?:m|ll|ve|d)\b|\b)/g;

/** Formats recognised lower-case words as the vendor writes a final transcript: capitalised and with end punctuation. */
export function writtenStyle(words: string): string {
  const text = words.trim();
  if (text === '') return '';
  const end = QUESTION_OPENERS.test(text) ? '?' : '.';
  const cased = text.replace(FIRST_PERSON, 'I');
  return cased.charAt(0).toUpperCase() + cased.slice(1) + end;
}
