/**
 * What is kept back of what the agent says: the rest of a reply that was stopped here, of which the agent knows nothing (`textDue`: its
 * text is still to come, too), or a reply that says again what was said before (`words`). Audio cannot be told apart by itself: the text
 * that comes with it tells where another reply begins.
 */
export type StaleAudio = { textDue: boolean } | { words: string };

/** The rest of a reply that is stopped; words that were said before may still come, whatever is stopped meanwhile. */
export const staleRest = (stale: StaleAudio | undefined, textDue: boolean): StaleAudio => (stale && 'words' in stale ? stale : { textDue });

/** The agent was told something new: of the reply that was stopped no text comes any more. */
export const noTextDue = (stale: StaleAudio | undefined): StaleAudio | undefined =>
  stale && 'textDue' in stale ? { textDue: false } : stale;

/** Whether a piece of text, or the whole `text`, is kept back, and what is after it. The text of another reply ends that. */
export function keepBack(stale: StaleAudio | undefined, text?: string): { isKeptBack: boolean; staleAudio: StaleAudio | undefined } {
  if (stale && 'words' in stale) {
    if (text === undefined || text.trim() === stale.words) return { isKeptBack: true, staleAudio: stale };
  } else if (stale?.textDue) {
    return { isKeptBack: true, staleAudio: text === undefined ? stale : { textDue: false } };
  }
  return { isKeptBack: false, staleAudio: undefined };
}
