/** Black-box tests of the built server. They are no `*.spec.ts`, so that the unit run does not pick them up. */
module.exports = {
  ...require('../../jest.preset.cjs')(__dirname),
  displayName: 'api-e2e',
  testMatch: ['<rootDir>/src/**/*.e2e.ts'],
  // These have a configuration and a stage of their own.
  testPathIgnorePatterns: ['/node_modules/', '/src/rooms/'],
  globalSetup: '<rootDir>/../../libs/testing/src/client/start-shared-servers.ts',
  globalTeardown: '<rootDir>/../../libs/testing/src/client/stop-shared-servers.ts',
  // Each with a shared server of its own. They mostly wait: for speech in real time, and for watchdogs. `npm test` runs the suites with speech apart.
  maxWorkers: 2,
  testSequencer: '<rootDir>/../../tools/test/planned-order.cjs',
  // Spoken conversations at the same time (`it.concurrent`): what two recogniser processes keep up with.
  maxConcurrency: 4,
  testTimeout: 60_000,
};
