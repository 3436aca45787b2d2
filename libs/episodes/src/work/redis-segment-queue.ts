import type * as BullMq from 'bullmq';
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { setTimeout } from 'node:timers/promises';
import { RunningJobs } from './running-jobs';
import { type AddOptions, type EpisodeJob, jobKey, type JobWorker, type SegmentQueue, type WorkOptions } from './segment-queue';
import { turnsAmong } from './turns';
import { type WorkerConnection, workerConnection } from './worker-connection';

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
const ABORTED = { outcome: undefined, isAborted: true };
const ANSWER_TIMEOUT_MS = 5_000;
const RECONNECT_STEP_MS = 50;
const RECONNECT_AT_MOST_MS = 2_000;
/** A job that kills its servers is stopped by the count of attempts in the records, not here. */
const MAX_TAKE_OVERS = 1_000;

const reconnectAfterMs = (times: number): number => Math.min(times * RECONNECT_STEP_MS, RECONNECT_AT_MOST_MS);

/** The queue of several servers, in Redis by BullMQ. The jobs of a server that was killed go to the others. */
export class RedisSegmentQueue implements SegmentQueue {
  readonly #options: RedisSegmentQueueOptions;
  readonly #bullMq: typeof BullMq;
  /** For commands, which fail while Redis is away. */
  readonly #commands: Redis;
  /** For the work, which waits for Redis then. */
  readonly #waiting: WorkerConnection;
  readonly #queue: Queue<EpisodeJob>;
  readonly #running = new RunningJobs();
  #worker: Worker<EpisodeJob> | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: RedisSegmentQueueOptions, commands: Redis, waiting: WorkerConnection, bullMq: typeof BullMq) {
    this.#options = options;
    this.#commands = commands;
    this.#waiting = waiting;
    this.#bullMq = bullMq;
    for (const redis of [this.#commands, this.#waiting.redis]) redis.on('error', this.#onError);
    this.#queue = new bullMq.Queue(NAME, { connection: this.#commands, prefix: this.#prefix });
    this.#queue.on('error', this.#onError);
  }

  /** Throws if Redis does not answer. */
  static async open(options: RedisSegmentQueueOptions): Promise<RedisSegmentQueue> {
    // Loaded only by servers that have a Redis.
    const [{ Redis }, bullMq] = await Promise.all([import('ioredis'), import('bullmq')]);
    let hasBegun = false;
    const commands = new Redis(options.url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      connectTimeout: ANSWER_TIMEOUT_MS,
      retryStrategy: (times) => (hasBegun ? reconnectAfterMs(times) : null),
    });
    commands.on('error', () => undefined);
    await commands.connect();
    await commands.ping();
    hasBegun = true;
    return new RedisSegmentQueue(options, commands, workerConnection(Redis, options.url), bullMq);
  }

  async add(jobs: readonly EpisodeJob[], { isUrgent = false }: AddOptions = {}): Promise<void> {
    if (jobs.length === 0) return;
    const common = { removeOnComplete: true, removeOnFail: true };
    // Without a priority, a job comes before all that have one.
    const turns = isUrgent ? undefined : turnsAmong(await this.#queue.getJobs(['prioritized']));
    await this.#queue.addBulk(
      jobs.map((job) => ({
        name: job.type,
        data: job,
        opts: { ...common, jobId: jobKey(job), ...(turns && { priority: turns.next(job) }) },
      })),
    );
  }

  async remove(episodeId: string): Promise<void> {
    try {
      const waiting = await this.#queue.getJobs(['wait', 'prioritized', 'delayed']);
      for (const job of waiting) {
        // One that has been started meanwhile cannot be removed; it finds out by its claim.
        if (job?.data.episodeId === episodeId) await job.remove().catch(() => undefined);
      }
    } finally {
      // Afterwards, so that none of the waiting ones takes the place of one that ends.
      this.#running.abort(episodeId);
    }
  }

  async work(run: JobWorker, { concurrency, concurrencyOfAll, onRestored, onError }: WorkOptions): Promise<void> {
    if (this.#worker) throw new Error('the queue has a worker');
    const { takeOverAfterMs = 30_000 } = this.#options;
    // Redis may have lost it when it comes back.
    const limit = async (): Promise<void> => {
      if (concurrencyOfAll !== undefined) await this.#queue.setGlobalConcurrency(concurrencyOfAll);
    };
    this.#commands.on('ready', () => void limit().then(onRestored).catch(this.#onError));
    await limit();
    const worker = new this.#bullMq.Worker<EpisodeJob>(NAME, (job, token) => this.#run(job, token, run), {
      connection: this.#waiting.redis,
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

  async answers(): Promise<boolean> {
    // A server that has stopped in the middle of a connection says nothing at all.
    const timeout = new AbortController();
    const late = setTimeout(ANSWER_TIMEOUT_MS, false, { signal: timeout.signal }).catch(() => false);
    const answer = this.#commands.ping().then(
      () => true,
      () => false,
    );
    const answers = await Promise.race([answer, late]);
    timeout.abort();
    return answers;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#running.abort();
    // Without Redis nothing can be given back to it; then the others take the jobs over, as if this server had been killed.
    const isAway = this.#commands.status !== 'ready';
    const closed = Promise.all([this.#worker?.close(isAway), this.#queue.close()]);
    await Promise.race([closed, this.#lost()]);
    await this.#running.ended();
    // Not waited for: BullMQ waits without end for a Redis that is away.
    closed.catch(() => undefined);
    this.#commands.disconnect();
    this.#waiting.endAll();
  }

  /** Resolves when Redis goes away. */
  #lost(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#commands.status === 'ready') this.#commands.once('close', resolve);
      else resolve();
    });
  }

  async #run(job: Job<EpisodeJob>, token: string | undefined, run: JobWorker): Promise<void> {
    // BullMQ may have fetched it before the queue was closed, and start it afterwards.
    const { outcome, isAborted } = this.#closed ? ABORTED : await this.#running.run(job.data, run);
    // What this server did not finish because it ends is for the others.
    const delayMs = outcome?.retryAfterMs ?? (isAborted && this.#closed ? 0 : undefined);
    if (delayMs === undefined) return;
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new this.#bullMq.DelayedError();
  }

  get #prefix(): string {
    return this.#options.prefix ?? 'parley';
  }

  readonly #onError = (error: Error): void => this.#options.onConnectionError?.(error);
}
