import { seededRandom } from '@parley/simulator';
import { activeResources } from '@parley/testing';
import { shuffled } from '@parley/testing/client';
import { type AgentChaosCase, agentChaosCases } from '../testing/chaos/agent-chaos-case';
import { AgentChaosServer } from '../testing/chaos/agent-chaos-server';
import { expectNothingLeft } from '../testing/chaos/expect-nothing-left';
import { runCases } from '../testing/chaos/run-cases';
import { CachedToneSynthesiser } from '../testing/chaos/cached-tone-synthesiser';
import { runAgentChaosCase } from '../testing/chaos/run-agent-chaos-case';
import { RecordingLogger } from '@parley/server/testing';

/** These have the same meanings as in `chaos.spec.ts`. */
const SEED = Number(process.env['PARLEY_CHAOS_SEED'] ?? 20_261_120);
const ONLY = process.env['PARLEY_CHAOS_ONLY'] ?? '';
const CASES = agentChaosCases().filter(({ name }) => name.includes(ONLY));
/** The number of servers that run at the same time. There can be many, because the cases wait most of the time. */
const SERVERS = Math.min(CASES.length, 40);

describe(`the server under every fault of the agent (seed ${SEED})`, () => {
  const servers: AgentChaosServer[] = [];
  let results = new Map<AgentChaosCase, Promise<unknown>>();
  let logger: RecordingLogger;
  let handlesBefore: ReadonlyMap<string, number>;

  beforeAll(async () => {
    logger = RecordingLogger.install();
    handlesBefore = activeResources();
    const synthesiser = new CachedToneSynthesiser();
    while (servers.length < SERVERS) servers.push(await AgentChaosServer.start({ seed: SEED + servers.length, logger, synthesiser }));
    results = runCases(servers, shuffled(CASES, seededRandom(SEED, 'agent')), runAgentChaosCase);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    logger.restore();
  });

  it.each(CASES.map((chaos) => [chaos.name, chaos] as const))(
    '%s',
    async (_name, chaos) => {
      if (!results.has(chaos)) throw new Error('the case was not run');
      const outcome = await results.get(chaos);
      if (outcome !== undefined) throw outcome;
    },
    120_000,
  );

  it('never reveals a defect of the server, and no handle stays open afterwards', () =>
    expectNothingLeft(servers.splice(0), logger, handlesBefore));
});
