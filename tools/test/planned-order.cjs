const { default: Sequencer } = require('@jest/test-sequencer');

/** The specs that take longest, the longest first. On a clean checkout jest knows no times: it would start these small files last, and one core would wait for them. */
const LONGEST = [
  'apps/api/src/chaos/chaos.spec.ts',
  'apps/api/src/chaos/agent-chaos.spec.ts',
  'libs/simulator/src/lib/speech/recogniser-pool.spec.ts',
  'libs/testing/src/contracts/eleven-labs.contract.spec.ts',
  'apps/api/src/agent/agent.module.spec.ts',
  'libs/testing/src/contracts/failover.contract.spec.ts',
];

/** @param {{ path: string }} test */
const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((longest) => path.replaceAll('\\', '/').endsWith(`/${longest}`));
  return rank === -1 ? LONGEST.length : rank;
};

/** Jest's own order behind the longest specs. */
module.exports = class LongestFirst extends Sequencer {
  /** @type {Sequencer['sort']} */
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b));
  }
};
