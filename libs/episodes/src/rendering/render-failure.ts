import { describeFailure, ProviderError } from '@parley/providers';
import type { JobOutcome } from '../work';

/** What follows from a failure. */
export interface FailureVerdict {
  /** For whoever listens to the episode: nothing of it comes from the vendor, whose messages may hold secrets. */
  message: string;
  /** Absent: another attempt would not help. */
  retry?: NonNullable<JobOutcome>;
}

const ATTEMPTS = 4;
/** An account that is used for other things as well may be busy for minutes, and waiting costs nothing. */
const ATTEMPTS_WHEN_BUSY = 12;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

export const isBusy = (error: unknown): boolean => error instanceof ProviderError && error.code === 'rate_limited';

/** Decides about a failed attempt: 1, 2 and 4 s until the next one, spread over time, and longer if the vendor says so. */
export function judgeFailure(error: unknown, attempts: number, random: () => number): FailureVerdict {
  if (!(error instanceof ProviderError)) return { message: 'The audio could not be kept on the server.' };
  const message = describeFailure('tts', error.code);
  const most = isBusy(error) ? ATTEMPTS_WHEN_BUSY : ATTEMPTS;
  if (!error.retryable || attempts >= most) return { message };
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1)) * (0.75 + random() / 2);
  return { message, retry: { retryAfterMs: Math.round(Math.max(delayMs, error.retryAfterMs ?? 0)) } };
}
