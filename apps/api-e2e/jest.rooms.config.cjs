const { join } = require('node:path');

const root = join(__dirname, '../..');

/**
 * Tests with a real LiveKit server: the built programs from outside, and the classes of `libs/rooms` that only such a server can test. Each suite
 * starts a server of its own.
 */
module.exports = {
  ...require('../../jest.preset.cjs')(root),
  displayName: 'rooms-e2e',
  roots: [join(__dirname, 'src/rooms'), join(root, 'libs/rooms/src')],
  testMatch: ['**/*.e2e.ts'],
  // People speak in real time, and what is measured is measured in samples.
  maxWorkers: 1,
  // Servers, API and workers start within it, also on a machine that is busy with other things.
  testTimeout: 240_000,
};
