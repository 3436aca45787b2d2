import { type Browser, chromium, expect, type Page, type ViewportSize } from '@playwright/test';
import { join } from 'node:path';
import { type MicrophoneName, microphoneFile } from './microphones';
import { OUTPUT_DIR } from './paths';

/** Command-line flags of every browser in the tests. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Launches a browser whose microphone hears this recording. `grants`: what the browser is told to answer where the visitor allows it. */
export function launch(microphone: MicrophoneName, allowed: boolean, grants: readonly string[] = []): Promise<Browser> {
  // Without the flag that answers the browser's question nobody answers it, which counts as a refusal.
  const answer = allowed ? ['--use-fake-ui-for-media-stream', ...grants] : [];
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
    args: [
      ...FLAGS,
      ...answer,
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphoneFile(microphone)}%noloop`,
    ],
  });
}

/** How a page is looked at. */
export interface Look {
  readonly name: string;
  readonly viewport: ViewportSize;
  readonly colorScheme: 'light' | 'dark';
  /** True: the whole page, also what has to be scrolled to. Default false. */
  readonly fullPage?: boolean;
}

/** Takes a screenshot of the page in each look for people to look at, and checks that nothing sticks out sideways. */
export async function takePictures(page: Page, moment: string, looks: readonly Look[]): Promise<void> {
  for (const { name, viewport, colorScheme, fullPage = false } of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(OUTPUT_DIR, `${moment}-${name}.png`), fullPage });
    const tooWidePx = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(tooWidePx, `${moment} on ${name}: nothing sticks out sideways`).toBeLessThanOrEqual(0);
  }
}

/** A tab of a test, and the console errors that belong to the test. */
export interface OpenTab {
  readonly tab: { readonly problems: readonly string[] };
  readonly expectedProblems: RegExp | undefined;
}

/** Checks that no tab had errors but those that belong to the test. */
export function expectNoProblems(tabs: readonly OpenTab[]): void {
  for (const { tab, expectedProblems } of tabs) {
    expect.soft(tab.problems.filter((problem) => !expectedProblems?.test(problem))).toEqual([]);
  }
}
