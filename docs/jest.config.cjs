/** The examples are run, so that they keep working. */
module.exports = { ...require('../jest.preset.cjs')(__dirname), displayName: 'docs', testMatch: ['<rootDir>/examples/**/*.spec.ts'] };
