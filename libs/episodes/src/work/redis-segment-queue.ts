import { DelayedError, type Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { RunningJobs } from './running-jobs';
import { type EpisodeJob, jobKey, type JobWorker, type SegmentQueue, type WorkOptions } from './segment-queue';

export interface RedisSegmentQueueOptions {
  /** `redis://user:password@host:port/database`, or the path of a socket. */
  url: string;
  /** Before the names of all keys. Default: `parley`. */
  prefix?: string;
  /** After this time without a sign of life of its server, a job is given to another one. Default: 30 s. */
  takeOverAfterMs?: number;
  /** The connection was lost. It is made again by itself. */
  onConnectionError?: (error: Error) => void;
}

const NAME = 'episodes';
/** A job that kills its servers is stopped by the count of attempts in the records, not here. */
const MAX_TAKE_OVERS = 1_000;

/** The queue of several servers, in Redis by BullMQ. The jobs of a server that was killed go to the others. */
export class RedisSegmentQueue implements SegmentQueue {
  readonly #options: RedisSegmentQueueOptions;
  readonly #redis: Redis;
  readonly #queue: Queue<EpisodeJob>;
  readonly #running = new RunningJobs();
  #worker: Worker<EpisodeJob> | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: RedisSegmentQueueOptions) {
    this.#options = options;
    // As BullMQ demands: a command waits for the connection instead of failing.
    this.#redis = new Redis(options.url, { maxRetriesPerRequest: null, lazyConnect: true });
    this.#redis.on('error', this.#onError);
    this.#queue = new Queue(NAME, { connection: this.#redis, prefix: this.#prefix });
    this.#queue.on('error', this.#onError);
  }

  /** Throws if Redis does not answer. */
  static async open(options: RedisSegmentQueueOptions): Promise<RedisSegmentQueue> {
    // With a connection of its own, because the queue's waits for Redis for ever.
    const probe = new Redis(options.url, { lazyConnect: true, retryStrategy: () => null });
    probe.on('error', () => undefined);
    try {
      await probe.connect();
      await probe.ping();
    } finally {
      // After a failure it has ended by itself, and would then wait for the end that has been.
      if (probe.status === 'ready') probe.disconnect();
    }
    return new RedisSegmentQueue(options);
  }

  async add(jobs: readonly EpisodeJob[]): Promise<void> {
    const options = { removeOnComplete: true, removeOnFail: true };
    await this.#queue.addBulk(jobs.map((job) => ({ name: job.type, data: job, opts: { ...options, jobId: jobKey(job) } })));
  }

  async remove(episodeId: string): Promise<void> {
    const waiting = await this.#queue.getJobs(['wait', 'delayed']);
    for (const job of waiting) {
      // One that has been started meanwhile cannot be removed; it finds out by its claim.
      if (job?.data.episodeId === episodeId) await job.remove().catch(() => undefined);
    }
    this.#running.abort(episodeId);
  }

  async work(run: JobWorker, { concurrency, onError }: WorkOptions): Promise<void> {
    if (this.#worker) throw new Error('the queue has a worker');
    const { takeOverAfterMs = 30_000 } = this.#options;
    const worker = new Worker<EpisodeJob>(NAME, (job, token) => this.#run(job, token, run), {
      connection: this.#redis,
      prefix: this.#prefix,
      concurrency,
      lockDuration: takeOverAfterMs,
      stalledInterval: takeOverAfterMs / 2,
      maxStalledCount: MAX_TAKE_OVERS,
    });
    worker.on('error', this.#onError);
    worker.on('failed', (job, error) => job && onError(job.data, error));
    this.#worker = worker;
    await worker.waitUntilReady();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#running.abort();
    await this.#worker?.close();
    await this.#queue.close();
    this.#redis.disconnect();
  }

  async #run(job: Job<EpisodeJob>, token: string | undefined, run: JobWorker): Promise<void> {
    const { outcome, isAborted } = await this.#running.run(job.data, run);
    // What this server did not finish because it ends is for the others.
    const delayMs = outcome?.retryAfterMs ?? (isAborted && this.#closed ? 0 : undefined);
    if (delayMs === undefined) return;
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }

  get #prefix(): string {
    return this.#options.prefix ?? 'parley';
  }

  readonly #onError = (error: Error): void => this.#options.onConnectionError?.(error);
}
