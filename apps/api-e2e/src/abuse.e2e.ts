import { seededRandom } from '@parley/simulator';
import { AbuseEnvironment, allocatorSettings, ATTACKS, HonestConversations } from '@parley/testing/abuse';
import type { Memory } from '@parley/testing/client';

/** The whole suite is `npm run bench:abuse`, which also measures how long the honest wait, and looks for keys in the log. */
const SCALE = 0.05;
const SEED = 20_261_201;
const CONVERSATIONS = 4;
/** Hostile clients have an address of their own, so that limits by address do not concern the honest. */
const ATTACKER = '127.0.0.2';
const ANSWERS = 4;
const ANSWERS_TIMEOUT_MS = 50_000;
/** The first attacks compile code and fill caches that are kept, so memory is compared with what it is after them. */
const WARM_UP_SCALE = 0.01;
const MOST_GROWTH = 1.1;

describe('A server under attack', () => {
  let world: AbuseEnvironment;
  let honest: HonestConversations;
  let before: Memory;
  beforeAll(async () => {
    world = await AbuseEnvironment.start(allocatorSettings());
    const { server } = world;
    const warm = await HonestConversations.start({ server, conversations: CONVERSATIONS, speak: false });
    for (const attack of ATTACKS) await attack.run({ server, scale: WARM_UP_SCALE, random: seededRandom(SEED), from: ATTACKER });
    await warm.answered(ANSWERS, ANSWERS_TIMEOUT_MS);
    await warm.end();
    before = await world.memoryAtRest();
    honest = await HonestConversations.start({ server: world.server, conversations: CONVERSATIONS, speak: false });
  }, 120_000);
  // Fails when the server has crashed or its log shows a defect.
  afterAll(() => world.close());

  it.each(ATTACKS)(
    'survives $name, and loses no turn of those who talk meanwhile',
    async (attack) => {
      honest.takeFigures();
      const random = seededRandom(SEED, attack.name);
      const tally = await attack.run({ server: world.server, scale: SCALE, random, from: ATTACKER });
      await honest.answered(ANSWERS, ANSWERS_TIMEOUT_MS);
      process.stdout.write(`${attack.name}: ${JSON.stringify(tally)}\n`);
      expect(Object.keys(tally)).not.toEqual([]);
      expect(tally).not.toHaveProperty('not stopped');
    },
    120_000,
  );

  it('ends the conversations that went on all the time, and gives back what the attacks took', async () => {
    await honest.end();
    const ceiling = { heapBytes: before.heapBytes * MOST_GROWTH, externalBytes: before.externalBytes * MOST_GROWTH };
    const after = await world.memoryAtRest(ceiling);
    expect(after.heapBytes).toBeLessThan(ceiling.heapBytes);
    expect(after.externalBytes).toBeLessThan(ceiling.externalBytes);
  }, 180_000);
});
