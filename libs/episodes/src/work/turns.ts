import { type EpisodeJob, jobKey } from './segment-queue';

/** As far as it is looked at here. BullMQ lists jobs that are gone meanwhile as undefined. */
type WaitingJob = { readonly data: EpisodeJob; readonly opts: { readonly priority?: number } } | undefined;

/** The last priority that BullMQ has. Behind it, jobs are done in the order in which they came. */
const LAST = 2 ** 21;

/**
 * Gives jobs priorities by which episodes take turns: the first is the lowest, and of equal ones the job that was added first. The waiting jobs
 * of an episode have one number after the other; an episode that comes to others begins with the number that is next, not behind them all, and
 * not before what has waited for its turn.
 */
export function turnsAmong(waiting: readonly WaitingJob[]): { next(job: EpisodeJob): number } {
  const now = waiting.reduce((least, job) => Math.min(least, job?.opts.priority ?? LAST), LAST);
  const lastOf = new Map<string, number>();
  const known = new Map<string, number>();
  for (const job of waiting) {
    if (!job) continue;
    const { priority = 0 } = job.opts;
    known.set(jobKey(job.data), priority);
    lastOf.set(job.data.episodeId, Math.max(priority, lastOf.get(job.data.episodeId) ?? 0));
  }
  const first = waiting.length === 0 ? 1 : now;
  return {
    next(job) {
      // One that is waiting stays where it is.
      const place = known.get(jobKey(job)) ?? Math.min(LAST, (lastOf.get(job.episodeId) ?? first - 1) + 1);
      lastOf.set(job.episodeId, Math.max(place, lastOf.get(job.episodeId) ?? 0));
      return place;
    },
  };
}
