/**
 * What is kept back of the agent’s speech: either the rest of a reply that was stopped here without the agent’s knowledge (`textDue`: its
 * text has not arrived yet either), or a reply that repeats something said before (`words`), or all answers to words that were not meant for
 * the agent (`unasked`), until the user says something else. Audio does not say which reply it belongs to; only the text that comes with it
 * shows where another reply begins.
 */
export type StaleAudio = { textDue: boolean } | { words: string } | { unasked: true };

/** Keeps back the rest of a reply that was stopped. A repetition that is awaited stays awaited, whatever is stopped in the meantime. */
export const withholdRest = (stale: StaleAudio | undefined, textDue: boolean): StaleAudio =>
  stale && 'words' in stale ? stale : { textDue };

/** The agent was sent something new, so that no text of the stopped reply will arrive any more. */
export const withoutDueText = (stale: StaleAudio | undefined): StaleAudio | undefined =>
  stale && !('words' in stale) ? { textDue: false } : stale;

/** Whether a piece of text, or the whole `text`, is kept back, and what is kept back afterwards. The text of another reply ends it. */
export function withhold(stale: StaleAudio | undefined, text?: string): { isWithheld: boolean; staleAudio: StaleAudio | undefined } {
  if (stale && 'unasked' in stale) return { isWithheld: true, staleAudio: stale };
  if (stale && 'words' in stale) {
    if (text === undefined || text.trim() === stale.words) return { isWithheld: true, staleAudio: stale };
  } else if (stale?.textDue) {
    return { isWithheld: true, staleAudio: text === undefined ? stale : { textDue: false } };
  }
  return { isWithheld: false, staleAudio: undefined };
}
