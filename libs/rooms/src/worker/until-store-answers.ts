import type { Clock } from '@parley/engine';
import { inTime, pause } from '../shared/in-time';

const ANSWER_MS = 1_000;
const RETRY_MS = 250;

/** Asks a store until it answers. Undefined when it does not within this time, or when `signal` is aborted. */
export async function untilStoreAnswers<T>(
  ask: () => Promise<T>,
  { clock, withinMs, signal }: { clock: Clock; withinMs: number; signal: AbortSignal },
): Promise<T | undefined> {
  const endsAt = clock.now() + withinMs;
  while (!signal.aborted) {
    try {
      return await inTime(ask(), ANSWER_MS);
    } catch {
      if (clock.now() >= endsAt) return undefined;
      await pause(RETRY_MS, signal);
    }
  }
  return undefined;
}
