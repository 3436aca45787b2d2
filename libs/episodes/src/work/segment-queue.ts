/**
 * Work on an episode. `version` is that of the segment or the episode when the work was asked for: with it, work on something that was changed
 * meanwhile is not taken for work on what it was before.
 */
export type EpisodeJob =
  { type: 'segment'; episodeId: string; segmentId: string; version: number } | { type: 'assembly'; episodeId: string; version: number };

/** Absent: the job is over, whether or not it has led to anything. */
export type JobOutcome = { retryAfterMs: number } | undefined;

/** Does a job. An abort of `signal` ends it early, without an error. */
export type JobWorker = (job: EpisodeJob, signal: AbortSignal) => Promise<JobOutcome>;

export interface WorkOptions {
  /** Jobs at the same time on this server. */
  concurrency: number;
  /** Jobs at the same time on all servers together; the last server that began to work decides. Absent: no bound. */
  concurrencyOfAll?: number;
  /** The queue's memory was away, and is back: it may have lost all jobs. */
  onRestored?: () => void;
  /** A job has thrown. The queue does not try it again, because it cannot know whether that would help. */
  onError: (job: EpisodeJob, error: unknown) => void;
}

export interface AddOptions {
  /** These come before all others that wait: somebody is waiting for just them. */
  isUrgent?: boolean;
}

/**
 * Hands out jobs to the workers of all servers that share the queue: those of one episode in the order in which they were added, and of several
 * episodes by turns, so that none waits until another one is done. A job that is waiting or running
 * is not added a second time. It may be handed out twice if a server is killed or cut off, and lost if the queue's memory is: so what there is
 * to do is decided by the records and their claims, and the queue only says where to look.
 */
export interface SegmentQueue {
  /** Rejects if the queue's memory does not answer. */
  add(jobs: readonly EpisodeJob[], options?: AddOptions): Promise<void>;
  /** Removes the waiting jobs of an episode, and aborts those that this server is running, even if it rejects as `add` does. */
  remove(episodeId: string): Promise<void>;
  /** Starts doing jobs. Once per queue. */
  work(worker: JobWorker, options: WorkOptions): Promise<void>;
  /** Whether the queue's memory answers now. Never rejects. */
  answers(): Promise<boolean>;
  /** Aborts the running jobs and waits for them. Other servers do them, if there are any. Idempotent. */
  close(): Promise<void>;
}

/** What tells jobs apart. */
export function jobKey(job: EpisodeJob): string {
  return `${job.type}-${job.type === 'segment' ? job.segmentId : job.episodeId}-${job.version}`;
}
