import { seededRandom } from '@parley/simulator';
import { activeResources } from '@parley/testing';
import { shuffled } from '@parley/testing/client';
import { type AgentChaosCase, agentChaosCases } from '../testing/chaos/agent-chaos-case';
import { AgentChaosWorld } from '../testing/chaos/agent-chaos-world';
import { expectNothingLeft } from '../testing/chaos/expect-nothing-left';
import { runInLanes } from '../testing/chaos/lanes';
import { RememberedTones } from '../testing/chaos/remembered-tones';
import { runAgentChaosCase } from '../testing/chaos/run-agent-chaos-case';
import { RecordingLogger } from '../testing/recording-logger';

/** Has the same meaning as in `chaos.spec.ts`. */
const SEED = Number(process.env['PARLEY_CHAOS_SEED'] ?? 20_261_120);
const ONLY = process.env['PARLEY_CHAOS_ONLY'] ?? '';
const CASES = agentChaosCases().filter(({ name }) => name.includes(ONLY));
/** Number of servers that run at the same time: there can be many, because the cases wait most of the time. */
const WORLDS = Math.min(CASES.length, 40);

describe(`the server under every fault of the agent (seed ${SEED})`, () => {
  const worlds: AgentChaosWorld[] = [];
  let results = new Map<AgentChaosCase, Promise<unknown>>();
  let logger: RecordingLogger;
  let handlesBefore: ReadonlyMap<string, number>;

  beforeAll(async () => {
    logger = RecordingLogger.install();
    handlesBefore = activeResources();
    const synthesiser = new RememberedTones();
    while (worlds.length < WORLDS) worlds.push(await AgentChaosWorld.start({ seed: SEED + worlds.length, logger, synthesiser }));
    results = runInLanes(worlds, shuffled(CASES, seededRandom(SEED, 'agent')), runAgentChaosCase);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.close()));
    logger.restore();
  });

  it.each(CASES.map((chaos) => [chaos.name, chaos] as const))(
    '%s',
    async (_name, chaos) => {
      if (!results.has(chaos)) throw new Error('it was not run');
      const outcome = await results.get(chaos);
      if (outcome !== undefined) throw outcome;
    },
    120_000,
  );

  it('never reveals a defect of the server, and no handle stays open afterwards', () =>
    expectNothingLeft(worlds.splice(0), logger, handlesBefore));
});
