import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RedisServer } from '@parley/testing/servers';
import { LocalSegmentQueue } from './local-segment-queue';
import { RedisSegmentQueue } from './redis-segment-queue';
import type { EpisodeJob } from './segment-queue';
import { describeSegmentQueueContract, segmentJob } from './testing/segment-queue.contract';

const ROOT = join(__dirname, '../../../..');
/** Long enough for a busy machine to give signs of life. */
const TAKE_OVER_AFTER_MS = 2_000;

describeSegmentQueueContract('in memory', async () => ({
  open: async () => new LocalSegmentQueue(),
  close: async () => undefined,
}));

describe('with a Redis server', () => {
  let server: RedisServer;
  let tests = 0;
  beforeAll(async () => void (server = await RedisServer.start()));
  afterAll(() => server.stop());
  beforeEach(() => void tests++);

  const open = () => RedisSegmentQueue.open({ url: server.url, prefix: `test${tests}`, takeOverAfterMs: TAKE_OVER_AFTER_MS });

  describeSegmentQueueContract('Redis', async () => ({ open, close: async () => undefined }));

  /** Resolves with the first job that the queue hands out. */
  function firstJob(queue: RedisSegmentQueue): Promise<EpisodeJob> {
    return new Promise((resolve, reject) => {
      const run = async (job: EpisodeJob) => {
        resolve(job);
        return undefined;
      };
      queue.work(run, { concurrency: 1, onError: (_, error) => reject(error) }).catch(reject);
    });
  }

  it('hands each job to one of several servers', async () => {
    const queues = await Promise.all([open(), open()]);
    const jobs = Array.from({ length: 20 }, (_, i) => segmentJob(String(i)));
    const done: EpisodeJob[] = [];
    const all = await new Promise<readonly EpisodeJob[]>((resolve, reject) => {
      const run = async (job: EpisodeJob) => {
        done.push(job);
        if (done.length === jobs.length) resolve([...done]);
        return undefined;
      };
      Promise.all([...queues.map((queue) => queue.work(run, { concurrency: 2, onError: reject })), queues[0].add(jobs)]).catch(reject);
    });
    await Promise.all(queues.map((queue) => queue.close()));
    expect(all.map((job) => job.type === 'segment' && job.segmentId).sort()).toEqual(jobs.map((_, i) => String(i)).sort());
  });

  it('hands the jobs of a server that ends in good order to another one', async () => {
    const [ending, other] = await Promise.all([open(), open()]);
    await ending.add([segmentJob('a')]);
    const isStarted = new Promise<void>((started) => {
      const untilAborted = (signal: AbortSignal) =>
        new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
      const run = async (_: EpisodeJob, signal: AbortSignal) => {
        started();
        return await untilAborted(signal);
      };
      void ending.work(run, { concurrency: 1, onError: () => undefined });
    });
    await isStarted;
    await ending.close();
    expect(await firstJob(other)).toEqual(segmentJob('a'));
    await other.close();
  });

  it('hands the job of a killed server to another one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-'));
    const program = join(folder, 'killed-worker.cjs');
    await build({
      entryPoints: [join(__dirname, 'testing/killed-worker.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      packages: 'external',
      // NODE_PATH is for require only.
      supported: { 'dynamic-import': false },
    });
    const queue = await open();
    await queue.add([segmentJob('a')]);
    const child = spawn(process.execPath, [program, server.url, `test${tests}`, String(TAKE_OVER_AFTER_MS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await firstJob(queue)).toEqual(segmentJob('a'));
    await queue.close();
    rmSync(folder, { recursive: true });
  });

  it('does not do more jobs on all servers together than was allowed', async () => {
    const queues = await Promise.all([open(), open()]);
    const jobs = Array.from({ length: 12 }, (_, i) => segmentJob(String(i)));
    let running = 0;
    let most = 0;
    let done = 0;
    await new Promise<void>((resolve, reject) => {
      const run = async () => {
        most = Math.max(most, ++running);
        // Long enough for the other server to ask for a job.
        await queues[0].answers();
        await queues[1].answers();
        running--;
        if (++done === jobs.length) resolve();
        return undefined;
      };
      const work = (queue: RedisSegmentQueue) => queue.work(run, { concurrency: 3, concurrencyOfAll: 3, onError: reject });
      Promise.all([...queues.map(work), queues[0].add(jobs)]).catch(reject);
    });
    await Promise.all(queues.map((queue) => queue.close()));
    expect(most).toBe(3);
  });

  it('cannot be opened where no Redis answers', async () => {
    await expect(RedisSegmentQueue.open({ url: join(tmpdir(), 'parley-no-redis', 'socket') })).rejects.toThrow();
  });
});

describe('a queue whose Redis is away for a while', () => {
  let server: RedisServer;
  beforeAll(async () => void (server = await RedisServer.start()));
  afterAll(() => server.stop());

  /** A worker that says which jobs it gets. */
  function worker() {
    const started: EpisodeJob[] = [];
    let wake: () => void = () => undefined;
    const run = async (job: EpisodeJob) => {
      started.push(job);
      wake();
      return undefined;
    };
    const until = async (count: number) => {
      while (started.length < count) await new Promise<void>((resolve) => (wake = resolve));
    };
    return { started, run, until };
  }

  async function answers(queue: RedisSegmentQueue): Promise<void> {
    while (!(await queue.answers())) await setTimeout(10);
  }

  it('refuses jobs then, and does those that come afterwards, with the same bound for all servers', async () => {
    const queue = await RedisSegmentQueue.open({ url: server.url, takeOverAfterMs: TAKE_OVER_AFTER_MS });
    const { started, run, until } = worker();
    await queue.work(run, { concurrency: 2, concurrencyOfAll: 1, onError: () => undefined });
    await queue.add([segmentJob('a')]);
    await until(1);
    expect(await queue.answers()).toBe(true);
    await server.pause();
    expect(await queue.answers()).toBe(false);
    await expect(queue.add([segmentJob('b')])).rejects.toThrow();
    await expect(queue.remove('e1')).rejects.toThrow();
    await server.resume();
    await answers(queue);
    await queue.add([segmentJob('c')]);
    await until(2);
    expect(started).toEqual([segmentJob('a'), segmentJob('c')]);
    await queue.close();
  });

  it('can be closed while Redis is away', async () => {
    const queue = await RedisSegmentQueue.open({ url: server.url, takeOverAfterMs: TAKE_OVER_AFTER_MS });
    const { run, until } = worker();
    await queue.work(run, { concurrency: 2, onError: () => undefined });
    await queue.add([segmentJob('a')]);
    await until(1);
    await server.pause();
    await queue.close();
    await server.resume();
  });

  it('can be closed when Redis goes away in the middle of it', async () => {
    const queue = await RedisSegmentQueue.open({ url: server.url, takeOverAfterMs: TAKE_OVER_AFTER_MS });
    await queue.work(async () => undefined, { concurrency: 2, onError: () => undefined });
    await Promise.all([queue.close(), server.pause()]);
    await server.resume();
  });
});
