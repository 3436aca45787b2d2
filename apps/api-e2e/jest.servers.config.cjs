const base = require('./jest.config.cjs');
const suites = require('./speech-suites.cjs');

/** The suites without people who speak, two at a time. */
module.exports = {
  ...base,
  testPathIgnorePatterns: [...base.testPathIgnorePatterns, ...suites.map((name) => `/src/${name}\\.e2e\\.ts$`)],
};
