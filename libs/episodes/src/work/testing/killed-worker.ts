/** Program of the spec about killed servers: takes jobs and never ends them. Says on stdout that it has one. */
import { RedisSegmentQueue } from '../redis-segment-queue';

async function main([, , url, prefix, takeOverAfterMs]: string[]): Promise<void> {
  const queue = await RedisSegmentQueue.open({ url, prefix, takeOverAfterMs: Number(takeOverAfterMs) });
  const never = async () => {
    process.stdout.write('working\n');
    return await new Promise<undefined>(() => undefined);
  };
  await queue.work(never, { concurrency: 1, onError: () => undefined });
}

void main(process.argv);
