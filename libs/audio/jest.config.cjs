module.exports = {
  ...require('../../jest.preset.cjs')(__dirname),
  displayName: 'audio',
  setupFiles: ['<rootDir>/src/testing/fast-check-seed.ts'],
};
