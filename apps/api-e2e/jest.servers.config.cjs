const suites = require('./speech-suites.cjs');

/** The suites without people who speak, two at a time. */
module.exports = {
  ...require('./jest.config.cjs'),
  testPathIgnorePatterns: ['/node_modules/', ...suites.map((name) => `/src/${name}\\.e2e\\.ts$`)],
};
