import type { EpisodeJob, JobOutcome, SegmentQueue } from '../segment-queue';

export interface SegmentQueueHarness {
  open(): Promise<SegmentQueue>;
  close(): Promise<void>;
}

export const segmentJob = (segmentId: string, episodeId = 'e1', version = 1): EpisodeJob => ({
  type: 'segment',
  episodeId,
  segmentId,
  version,
});

/** A worker whose jobs end when the test says so. */
class ManualWorker {
  readonly started: EpisodeJob[] = [];
  readonly aborted: EpisodeJob[] = [];
  readonly failed: [EpisodeJob, unknown][] = [];
  most = 0;
  #running = new Map<EpisodeJob, (outcome: JobOutcome | Error) => void>();
  #changed: () => void = () => undefined;

  readonly run = async (job: EpisodeJob, signal: AbortSignal): Promise<JobOutcome> => {
    this.started.push(job);
    const result = new Promise<JobOutcome | Error>((resolve) => {
      this.#running.set(job, resolve);
      signal.addEventListener('abort', () => {
        this.aborted.push(job);
        resolve(undefined);
      });
    });
    this.most = Math.max(this.most, this.#running.size);
    this.#changed();
    const outcome = await result;
    this.#running.delete(job);
    this.#changed();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };

  readonly onError = (job: EpisodeJob, error: unknown): void => {
    this.failed.push([job, error]);
    this.#changed();
  };

  /** Ends the job that has been running for longest. */
  end(outcome?: JobOutcome | Error): void {
    const [oldest] = this.#running.values();
    oldest?.(outcome);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  startedSegments(): string[] {
    return this.started.map((job) => (job.type === 'segment' ? job.segmentId : job.type));
  }
}

/** Tests that every `SegmentQueue` must pass, whatever keeps its jobs. */
export function describeSegmentQueueContract(name: string, makeHarness: () => Promise<SegmentQueueHarness>): void {
  describe(`SegmentQueue contract: ${name}`, () => {
    let harness: SegmentQueueHarness;
    let queue: SegmentQueue;
    let worker: ManualWorker;

    beforeEach(async () => {
      harness = await makeHarness();
      queue = await harness.open();
      worker = new ManualWorker();
    });

    afterEach(async () => {
      await queue.close();
      await harness.close();
    });

    const work = (concurrency: number) => queue.work(worker.run, { concurrency, onError: worker.onError });
    const names = (...ids: string[]) => ids.map((id) => segmentJob(id));

    it('hands jobs out in their order, and no more at a time than was allowed', async () => {
      await queue.add(names('a', 'b', 'c', 'd'));
      await work(2);
      for (let done = 0; done < 4; done++) {
        await worker.until(() => worker.started.length >= Math.min(4, done + 2));
        worker.end();
      }
      await worker.until(() => worker.started.length === 4);
      expect(worker.startedSegments()).toEqual(['a', 'b', 'c', 'd']);
      expect(worker.most).toBe(2);
    });

    it('hands out the jobs of several episodes by turns, those of each in their order', async () => {
      const jobs = (episodeId: string, count: number) =>
        Array.from({ length: count }, (_, i) => segmentJob(`${episodeId}-${i + 1}`, episodeId));
      await queue.add(jobs('e1', 5));
      await work(1);
      await worker.until(() => worker.started.length === 1);
      worker.end();
      await worker.until(() => worker.started.length === 2);
      // What was long before it in the queue does not keep it waiting, and what comes later does not keep the first waiting.
      await queue.add(jobs('e2', 3));
      await queue.add(jobs('e3', 1));
      for (let count = 3; count <= 9; count++) {
        worker.end();
        await worker.until(() => worker.started.length === count);
      }
      const order = worker.startedSegments();
      for (const episodeId of ['e1', 'e2', 'e3'])
        expect(order.filter((id) => id.startsWith(episodeId))).toEqual(
          jobs(episodeId, 5)
            .slice(0, order.filter((id) => id.startsWith(episodeId)).length)
            .map((job) => job.type === 'segment' && job.segmentId),
        );
      expect(order.slice(0, 2)).toEqual(['e1-1', 'e1-2']);
      expect(
        order
          .slice(2, 5)
          .map((id) => id.slice(0, 2))
          .sort(),
      ).toEqual(['e1', 'e2', 'e3']);
      expect(
        order
          .slice(5, 7)
          .map((id) => id.slice(0, 2))
          .sort(),
      ).toEqual(['e1', 'e2']);
      expect(order).toHaveLength(9);
    });

    it('hands out urgent jobs before all others, and one that waits already only once', async () => {
      await queue.add([segmentJob('a'), segmentJob('b'), segmentJob('c', 'e2')]);
      await work(1);
      await worker.until(() => worker.started.length === 1);
      await queue.add([segmentJob('d', 'e2'), segmentJob('e', 'e3')], { isUrgent: true });
      await queue.add([segmentJob('d', 'e2'), segmentJob('f', 'e3')]);
      for (let count = 2; count <= 6; count++) {
        worker.end();
        await worker.until(() => worker.started.length === count);
      }
      const order = worker.startedSegments();
      expect(order[0]).toBe('a');
      expect(order.slice(1, 3).sort()).toEqual(['d', 'e']);
      expect(order.slice(3).sort()).toEqual(['b', 'c', 'f']);
    });

    it('hands out jobs that come while it works, as they were given', async () => {
      await work(1);
      const assembly: EpisodeJob = { type: 'assembly', episodeId: 'e1', version: 7 };
      await queue.add([segmentJob('a', 'e2', 3), assembly]);
      await worker.until(() => worker.started.length === 1);
      worker.end();
      await worker.until(() => worker.started.length === 2);
      expect(worker.started).toEqual([segmentJob('a', 'e2', 3), assembly]);
    });

    it('does not hand out a job twice that is added again while it waits or runs, but a newer version and an ended one', async () => {
      await queue.add(names('a', 'b', 'b'));
      await work(1);
      await worker.until(() => worker.started.length === 1);
      await queue.add([...names('a', 'b'), segmentJob('a', 'e1', 2)]);
      for (let count = 2; count <= 3; count++) {
        worker.end();
        await worker.until(() => worker.started.length === count);
      }
      expect(worker.started).toEqual([...names('a', 'b'), segmentJob('a', 'e1', 2)]);
      worker.end();
      await queue.add(names('c'));
      await worker.until(() => worker.started.length === 4);
      await queue.add(names('b'));
      worker.end();
      await worker.until(() => worker.started.length === 5);
      expect(worker.startedSegments().slice(3)).toEqual(['c', 'b']);
    });

    it('removes the jobs of an episode, and aborts the running ones', async () => {
      await queue.add([segmentJob('a', 'e1'), segmentJob('b', 'e1'), segmentJob('c', 'e2')]);
      await work(1);
      await worker.until(() => worker.started.length === 1);
      await queue.remove('e1');
      await worker.until(() => worker.started.length === 2);
      expect(worker.aborted).toEqual([segmentJob('a', 'e1')]);
      expect(worker.started[1]).toEqual(segmentJob('c', 'e2'));
    });

    it('hands a job out again later if it asks for that, and others meanwhile', async () => {
      await queue.add(names('a', 'b'));
      await work(1);
      await worker.until(() => worker.started.length === 1);
      worker.end({ retryAfterMs: 1 });
      await worker.until(() => worker.started.length === 2);
      worker.end();
      await worker.until(() => worker.started.length === 3);
      expect(worker.startedSegments().sort()).toEqual(['a', 'a', 'b']);
    });

    it('reports a job that throws, and goes on', async () => {
      await queue.add(names('a', 'b'));
      await work(1);
      await worker.until(() => worker.started.length === 1);
      worker.end(new Error('broken'));
      await worker.until(() => worker.started.length === 2 && worker.failed.length === 1);
      expect(worker.failed).toEqual([[segmentJob('a'), expect.objectContaining({ message: 'broken' })]]);
    });

    it('aborts running jobs when it is closed, waits for them and starts no more', async () => {
      await queue.add(names('a', 'b', 'c'));
      await work(2);
      await worker.until(() => worker.started.length === 2);
      await Promise.all([queue.close(), queue.close()]);
      expect(worker.aborted).toEqual(names('a', 'b'));
      expect(worker.startedSegments()).toEqual(['a', 'b']);
    });

    it('can be closed without having worked', async () => {
      await queue.add(names('a'));
      await queue.close();
      await queue.close();
    });
  });
}
