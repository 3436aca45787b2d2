import { defineConfig } from '@playwright/test';
import suite from './playwright.config';

/** Benches that run only on request: `playwright test -c apps/web-e2e/bench.config.ts [barge-in|echo]`. */
export default defineConfig({ ...suite, projects: [{ name: 'bench', testMatch: '**/*.bench.ts' }], workers: 1, timeout: 0 });
