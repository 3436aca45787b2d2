import { defineConfig } from '@playwright/test';
import { OUTPUT_DIR } from './src/support/paths';

/** Suites that measure played audio to a tenth of a second, and therefore need to run alone. */
const MEASURED = /\/(agent|controls|interruption|noises|resumable|smooth-edges|talk|two-tabs)\.e2e\.ts$/;

/** With a media server, which not every machine has: `playwright.rooms.config.ts`. */
const ROOMS = /\/src\/rooms\//;

/**
 * Real Chromium, real server, real speech. Tests that measure time run one after the other, after those that only wait.
 * Browsers and servers are started by the tests themselves (`src/support/test.ts`): each test has a microphone of its own.
 */
export default defineConfig({
  testDir: 'src',
  outputDir: `${OUTPUT_DIR}/results`,
  globalSetup: './src/support/global-setup.ts',
  projects: [
    { name: 'waiting', testMatch: '**/*.e2e.ts', testIgnore: [MEASURED, ROOMS], workers: 2 },
    { name: 'measured', testMatch: MEASURED, testIgnore: ROOMS, workers: 1 },
  ],
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
});
