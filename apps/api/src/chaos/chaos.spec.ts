import { seededRandom } from '@parley/simulator';
import { activeResources } from '@parley/testing';
import { shuffled } from '@parley/testing/client';
import { type ChaosCase, chaosCases, type VendorApi, VENDOR_APIS } from '../testing/chaos/chaos-case';
import { ChaosServer } from '../testing/chaos/chaos-server';
import { expectNothingLeft } from '../testing/chaos/expect-nothing-left';
import { runCases } from '../testing/chaos/run-cases';
import { CachedToneSynthesiser } from '../testing/chaos/cached-tone-synthesiser';
import { runChaosCase } from '../testing/chaos/run-chaos-case';
import { RecordingLogger } from '@parley/server/testing';

/** Determines the order of the cases, the jitter of the vendors and the sizes of the pieces that they send. */
const SEED = Number(process.env['PARLEY_CHAOS_SEED'] ?? 20_261_120);
/** The number of servers per API. A server runs one case at a time; this many servers keep a core busy. */
const SERVERS: Record<VendorApi, number> = { sarvam: 10, 'sarvam/legacy': 2, openai: 8, elevenlabs: 10, 'elevenlabs/http': 2 };
/** Runs only the cases whose names contain this text. */
const ONLY = process.env['PARLEY_CHAOS_ONLY'] ?? '';
const CASES = chaosCases().filter(({ name }) => name.includes(ONLY));

describe(`the server under every fault of a vendor (seed ${SEED})`, () => {
  const results = new Map<ChaosCase, Promise<unknown>>();
  const servers: ChaosServer[] = [];
  let logger: RecordingLogger;
  let handlesBefore: ReadonlyMap<string, number>;

  beforeAll(async () => {
    // This library takes several seconds to load, which must not count as a delay of the server.
    await import('@elevenlabs/elevenlabs-js');
    logger = RecordingLogger.install();
    handlesBefore = activeResources();
    const synthesiser = new CachedToneSynthesiser();
    for (const api of VENDOR_APIS.filter((candidate) => CASES.some((chaos) => chaos.api === candidate))) {
      for (let number = 0; number < SERVERS[api]; number++) {
        servers.push(await ChaosServer.start(api, { seed: SEED + servers.length, logger, synthesiser }));
      }
    }
    startCases();
  }, 60_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    logger.restore();
  });

  function startCases(): void {
    for (const api of VENDOR_APIS) {
      const cases = shuffled(
        CASES.filter((chaos) => chaos.api === api),
        seededRandom(SEED, api),
      );
      const serversOfApi = servers.filter((server) => server.api === api);
      for (const [chaos, result] of runCases(serversOfApi, cases, runChaosCase)) results.set(chaos, result);
    }
  }

  it.each(CASES.map((chaos) => [chaos.name, chaos] as const))(
    '%s',
    async (_name, chaos) => {
      if (!results.has(chaos)) throw new Error('the case was not run');
      const outcome = await results.get(chaos);
      if (outcome !== undefined) throw outcome;
    },
    // A case waits for all cases before it on its server, no matter in which order the results are awaited.
    900_000,
  );

  it('never reveals a defect of the server, and no handle stays open afterwards', () =>
    expectNothingLeft(servers.splice(0), logger, handlesBefore));
});
