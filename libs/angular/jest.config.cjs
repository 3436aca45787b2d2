const { moduleNameMapper, coverageDirectory, testTimeout } = require('../../jest.preset.cjs')(__dirname);
/** Angular's own packages are loaded as native ES modules (jest >= 30.5, Node >= 24.9, --experimental-vm-modules). */
module.exports = {
  displayName: 'angular',
  rootDir: __dirname,
  coverageDirectory,
  testEnvironment: 'jsdom',
  testTimeout,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  setupFilesAfterEnv: ['<rootDir>/src/test-setup.ts'],
  transform: {
    '^.+\\.(ts|html)$': ['jest-preset-angular', { tsconfig: '<rootDir>/tsconfig.spec.json', stringifyContentPathRegex: '\\.(html|svg)$' }],
  },
  transformIgnorePatterns: ['/node_modules/'],
  moduleFileExtensions: ['ts', 'html', 'js', 'mjs', 'json'],
  moduleNameMapper,
};
