import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer } from '../testing/redis-server';
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

  it('cannot be opened where no Redis answers', async () => {
    await expect(RedisSegmentQueue.open({ url: join(tmpdir(), 'parley-no-redis', 'socket') })).rejects.toThrow();
  });
});
