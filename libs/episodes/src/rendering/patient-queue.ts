import type { AddOptions, EpisodeJob, JobWorker, SegmentQueue, WorkOptions } from '../work';

/**
 * A queue that reports what it could not add or remove instead of failing: what there is to do stands in the records, and is looked for there
 * again and again.
 */
export class PatientQueue implements SegmentQueue {
  readonly #queue: SegmentQueue;
  readonly #onError: (error: unknown) => void;

  constructor(queue: SegmentQueue, onError: (error: unknown) => void) {
    this.#queue = queue;
    this.#onError = onError;
  }

  add(jobs: readonly EpisodeJob[], options?: AddOptions): Promise<void> {
    return this.#queue.add(jobs, options).catch(this.#onError);
  }

  remove(episodeId: string): Promise<void> {
    return this.#queue.remove(episodeId).catch(this.#onError);
  }

  work(worker: JobWorker, options: WorkOptions): Promise<void> {
    return this.#queue.work(worker, options);
  }

  answers(): Promise<boolean> {
    return this.#queue.answers();
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
