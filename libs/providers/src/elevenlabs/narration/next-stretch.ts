import { DEFAULT_SCHEDULE } from './generation-schedule';
import type { NarrationText } from './narration-text';
import { lastBreak, lastSentenceEnd } from './word-breaks';

/** The longest text of one request. The listener waits less for the first audio of a short one. */
const LONGEST_STRETCH = 1_500;
/** A sentence that is this many times longer than the schedule wants is divided at a word. */
const PATIENCE = 3;

/**
 * Waits until there is enough text for a request, and returns the position at which it ends: where the text was flushed or has ended, or
 * at the end of a sentence once the text is as long as the schedule wants.
 */
export async function nextStretch(
  text: NarrationText,
  from: number,
  requests: number,
  schedule: readonly number[] = DEFAULT_SCHEDULE,
): Promise<number> {
  const wanted = schedule[Math.min(requests, schedule.length - 1)] ?? 0;
  for (;;) {
    const flush = text.flushBehind(from);
    const given = flush !== undefined && text.isSpeakable(from, flush) ? flush : text.isEnded ? text.text.length : undefined;
    if (given !== undefined && given - from <= LONGEST_STRETCH) return given;
    const ready = Math.min(text.readyTo, from + LONGEST_STRETCH);
    if (given !== undefined || ready - from >= wanted) {
      const end = lastSentenceEnd(text.text, from, ready);
      if (end !== undefined && text.isSpeakable(from, end)) return end;
      if (given !== undefined || ready - from >= wanted * PATIENCE || ready - from >= LONGEST_STRETCH) {
        const wordEnd = lastBreak(text.text.slice(0, ready), from);
        return wordEnd > from ? wordEnd : ready;
      }
    }
    await text.changed();
  }
}
