import { type EpisodeJob, jobKey, type JobOutcome, type JobWorker } from './segment-queue';

/** The jobs that this server is running, and how to end them. */
export class RunningJobs {
  readonly #running = new Map<string, { job: EpisodeJob; abort: AbortController }>();
  readonly #waiting: (() => void)[] = [];

  has(job: EpisodeJob): boolean {
    return this.#running.has(jobKey(job));
  }

  get count(): number {
    return this.#running.size;
  }

  async run(job: EpisodeJob, worker: JobWorker): Promise<{ outcome: JobOutcome; isAborted: boolean }> {
    const abort = new AbortController();
    const key = jobKey(job);
    this.#running.set(key, { job, abort });
    try {
      const outcome = await worker(job, abort.signal);
      return { outcome, isAborted: abort.signal.aborted };
    } finally {
      this.#running.delete(key);
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  /** Resolves when none is running. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Of one episode, or all. */
  abort(episodeId?: string): void {
    for (const { job, abort } of this.#running.values()) if (episodeId === undefined || job.episodeId === episodeId) abort.abort();
  }
}
