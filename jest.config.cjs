const { availableParallelism } = require('node:os');
const { testTimeout } = require('./jest.preset.cjs')(__dirname);

/** Every unit and contract spec in one jest run, one summary: npm run unit */
module.exports = {
  projects: [
    '<rootDir>/apps/api',
    '<rootDir>/apps/room-worker',
    '<rootDir>/apps/web',
    '<rootDir>/apps/simulator',
    '<rootDir>/apps/narrate',
    '<rootDir>/libs/*',
    '<rootDir>/docs',
    '<rootDir>/tools',
  ],
  // In a run of several projects jest goes by this one alone, and gives a test five seconds where it is missing.
  testTimeout,
  // Jest would keep a core for itself. Half of the specs wait for sockets, and its own process does nothing meanwhile.
  maxWorkers: Math.max(2, availableParallelism()),
  testSequencer: '<rootDir>/tools/test/planned-order.cjs',
};
