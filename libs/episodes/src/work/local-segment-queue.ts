import { RunningJobs } from './running-jobs';
import { type AddOptions, type EpisodeJob, jobKey, type JobWorker, type SegmentQueue, type WorkOptions } from './segment-queue';
import { WaitingJobs } from './waiting-jobs';

/** The queue of a server that works alone, in its memory. */
export class LocalSegmentQueue implements SegmentQueue {
  readonly #waiting = new WaitingJobs();
  readonly #later = new Map<string, { job: EpisodeJob; timer: NodeJS.Timeout }>();
  readonly #running = new RunningJobs();
  #worker: { run: JobWorker; options: WorkOptions } | undefined;
  #isClosed = false;
  #idle: () => void = () => undefined;

  async add(jobs: readonly EpisodeJob[], { isUrgent = false }: AddOptions = {}): Promise<void> {
    for (const job of jobs) if (!this.#later.has(jobKey(job)) && !this.#running.has(job)) this.#waiting.add(job, isUrgent);
    this.#startNext();
  }

  async remove(episodeId: string): Promise<void> {
    this.#waiting.removeOf(episodeId);
    for (const [key, { job, timer }] of this.#later) {
      if (job.episodeId !== episodeId) continue;
      clearTimeout(timer);
      this.#later.delete(key);
    }
    this.#running.abort(episodeId);
  }

  async work(run: JobWorker, options: WorkOptions): Promise<void> {
    if (this.#worker) throw new Error('the queue has a worker');
    this.#worker = { run, options };
    this.#startNext();
  }

  async answers(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.clear();
    for (const { timer } of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
    this.#running.abort();
    if (this.#running.count > 0) await new Promise<void>((resolve) => this.#onIdle(resolve));
  }

  #startNext(): void {
    const worker = this.#worker;
    if (!worker || this.#isClosed) return;
    while (this.#running.count < worker.options.concurrency) {
      const job = this.#waiting.take();
      if (!job) return;
      void this.#run(job, worker);
    }
  }

  async #run(job: EpisodeJob, { run, options }: { run: JobWorker; options: WorkOptions }): Promise<void> {
    try {
      const { outcome } = await this.#running.run(job, run);
      if (outcome && !this.#isClosed) this.#addLater(job, outcome.retryAfterMs);
    } catch (error) {
      options.onError(job, error);
    }
    this.#startNext();
    if (this.#running.count === 0) this.#idle();
  }

  #addLater(job: EpisodeJob, delayMs: number): void {
    const key = jobKey(job);
    const timer = setTimeout(() => {
      this.#later.delete(key);
      void this.add([job]);
    }, delayMs);
    this.#later.set(key, { job, timer });
  }

  #onIdle(resolve: () => void): void {
    const before = this.#idle;
    this.#idle = () => {
      before();
      resolve();
    };
  }
}
