const suites = require('./speech-suites.cjs');

/** The suites with people who speak, one after the other. */
module.exports = {
  ...require('./jest.config.cjs'),
  displayName: 'api-e2e-speech',
  testMatch: suites.map((name) => `<rootDir>/src/${name}.e2e.ts`),
  maxWorkers: 1,
};
