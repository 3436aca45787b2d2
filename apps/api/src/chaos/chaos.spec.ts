import { seededRandom } from '@parley/simulator';
import { activeResources } from '@parley/testing';
import { shuffled } from '@parley/testing/client';
import { type ChaosCase, chaosCases, type Line, LINES } from '../testing/chaos/chaos-case';
import { ChaosWorld } from '../testing/chaos/chaos-world';
import { expectNothingLeft } from '../testing/chaos/expect-nothing-left';
import { runInLanes } from '../testing/chaos/lanes';
import { RememberedTones } from '../testing/chaos/remembered-tones';
import { runChaosCase } from '../testing/chaos/run-chaos-case';
import { RecordingLogger } from '../testing/recording-logger';

/** Decides the order, the vendors' jitter and the sizes of what they send. */
const SEED = Number(process.env['PARLEY_CHAOS_SEED'] ?? 20_261_120);
/** Servers for each line: what is done to the vendors of one is felt by one conversation at a time. As many as keep a core busy. */
const WORLDS: Record<Line, number> = { sarvam: 10, 'sarvam/legacy': 2, openai: 8, elevenlabs: 10, 'elevenlabs/http': 2 };
/** Part of the cases' names, to look at some of them alone. */
const ONLY = process.env['PARLEY_CHAOS_ONLY'] ?? '';
const CASES = chaosCases().filter(({ name }) => name.includes(ONLY));

describe(`whatever a vendor does (seed ${SEED})`, () => {
  const results = new Map<ChaosCase, Promise<unknown>>();
  const worlds: ChaosWorld[] = [];
  let logger: RecordingLogger;
  let handlesBefore: ReadonlyMap<string, number>;

  beforeAll(async () => {
    // Loads for seconds, which is nobody's fault.
    await import('@elevenlabs/elevenlabs-js');
    logger = RecordingLogger.install();
    handlesBefore = activeResources();
    const synthesiser = new RememberedTones();
    for (const line of LINES.filter((candidate) => CASES.some((chaos) => chaos.line === candidate))) {
      for (let number = 0; number < WORLDS[line]; number++) {
        worlds.push(await ChaosWorld.start(line, { seed: SEED + worlds.length, logger, synthesiser }));
      }
    }
    startCases();
  }, 60_000);

  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.close()));
    logger.restore();
  });

  function startCases(): void {
    for (const line of LINES) {
      const cases = shuffled(
        CASES.filter((chaos) => chaos.line === line),
        seededRandom(SEED, line),
      );
      const servers = worlds.filter((world) => world.line === line);
      for (const [chaos, result] of runInLanes(servers, cases, runChaosCase)) results.set(chaos, result);
    }
  }

  it.each(CASES.map((chaos) => [chaos.name, chaos] as const))(
    '%s',
    async (_name, chaos) => {
      if (!results.has(chaos)) throw new Error('it was not run');
      const outcome = await results.get(chaos);
      if (outcome !== undefined) throw outcome;
    },
    // A case waits for all that stand before it in its lane, whatever is asked for first.
    900_000,
  );

  it('is no defect of the server, and leaves no handle behind', () => expectNothingLeft(worlds.splice(0), logger, handlesBefore));
});
