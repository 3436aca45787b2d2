import { defineConfig } from '@playwright/test';
import suite from './playwright.config';

/** Rooms in real Chromium, with a real media server: one after the other, because they speak and listen in real time. */
export default defineConfig({ ...suite, projects: [{ name: 'rooms', testMatch: '**/rooms/**/*.e2e.ts' }], workers: 1, timeout: 120_000 });
