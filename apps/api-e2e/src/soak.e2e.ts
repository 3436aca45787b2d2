import { excessOver, SoakEnvironment } from '@parley/testing/client';

/** This run is short and mostly warms up compiled code: a leak shows in the counts, and in the heap only if it is large. */
const GROSS_BYTES_PER_VISIT = 20_000;

/** The full soak is `npm run bench:soak`. */
describe('Conversations that come, talk, interrupt and go', () => {
  it('leave no socket, timer, process, abort listener or memory behind', async () => {
    const world = await SoakEnvironment.start();
    try {
      const { samples, tally } = await world.soak({ sessions: 10, rounds: 3, roundMs: 4_000, seed: 20_261_120 });
      const [base, ...later] = samples;
      const last = later.at(-1);
      if (base === undefined || last === undefined) throw new Error('no sample was taken');
      const visits = last.visits - base.visits;
      process.stdout.write(
        `Soak: ${last.visits} visits, heap ${samples.map(({ heapBytes }) => (heapBytes / 2 ** 20).toFixed(1)).join(', ')} MiB; ${JSON.stringify(tally)}\n`,
      );
      expect(visits).toBeGreaterThan(10);
      expect(excessOver(base, last)).toEqual([]);
      expect(last.heapBytes - base.heapBytes).toBeLessThan(visits * GROSS_BYTES_PER_VISIT);
    } finally {
      await world.close();
    }
  }, 120_000);
});
