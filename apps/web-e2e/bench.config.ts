import { defineConfig } from '@playwright/test';
import suite from './playwright.config';

/** The figures, on request: `playwright test -c apps/web-e2e/bench.config.ts [barge-in|echo]`. Not part of the suite. */
export default defineConfig({ ...suite, projects: [{ name: 'bench', testMatch: '**/*.bench.ts' }], workers: 1, timeout: 0 });
