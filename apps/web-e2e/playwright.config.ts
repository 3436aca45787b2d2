import { defineConfig } from '@playwright/test';
import { OUTPUT_DIR } from './src/support/paths';

/**
 * Real Chromium, real server, real speech: one test after the other, because what is measured is time.
 * Browsers and servers are started by the tests themselves (`src/support/test.ts`): each test has a microphone of its own.
 */
export default defineConfig({
  testDir: 'src',
  testMatch: '**/*.e2e.ts',
  outputDir: `${OUTPUT_DIR}/results`,
  globalSetup: './src/support/global-setup.ts',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
});
