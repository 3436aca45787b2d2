const preset = require('../jest.preset.cjs')(__dirname);

/** The tools run as they are, as ES modules; only TypeScript ones are transformed. */
module.exports = {
  ...preset,
  displayName: 'tools',
  moduleFileExtensions: ['mjs', ...preset.moduleFileExtensions],
  testMatch: ['<rootDir>/**/*.spec.mjs', '<rootDir>/**/*.spec.ts'],
};
