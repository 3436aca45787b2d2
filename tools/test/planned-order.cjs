const { default: Sequencer } = require('@jest/test-sequencer');

/** Unit specs, the longest first: without recorded times jest would start these small files last, and one core would wait for them. */
const LONGEST_SPECS = [
  'apps/api/src/chaos/chaos.spec.ts',
  'apps/api/src/chaos/agent-chaos.spec.ts',
  'libs/simulator/src/lib/speech/recogniser-pool.spec.ts',
  'libs/testing/src/contracts/eleven-labs.contract.spec.ts',
  'apps/api/src/engines/agent.module.spec.ts',
  'libs/testing/src/contracts/failover.contract.spec.ts',
];

/** Black-box suites without people who speak, for two workers: the longest first. */
const SUITES = [
  'hostile-clients',
  'episodes-scale-out',
  'episodes',
  'faults',
  'hostile-requests',
  'narration',
  'failover',
  'operations',
  'keys',
].map((name) => `apps/api-e2e/src/${name}.e2e.ts`);

const PLAN = [...LONGEST_SPECS, ...SUITES];

/** @param {{ path: string }} test */
const rankOf = ({ path }) => {
  const rank = PLAN.findIndex((planned) => path.replaceAll('\\', '/').endsWith(`/${planned}`));
  return rank === -1 ? PLAN.length : rank;
};

/** Files of the plan first, in its order, and then jest's own order. */
module.exports = class PlannedOrder extends Sequencer {
  /** @type {Sequencer['sort']} */
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b));
  }
};
