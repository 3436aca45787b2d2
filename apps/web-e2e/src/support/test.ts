import { type Browser, expect, test as base } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expectNoProblems, launch, takePictures } from './browser';
import type { MicrophoneName } from './microphones';
import { NO_RESOURCES, ServerProcess } from '@parley/testing/client';
import { Tab } from './tab';

/** Options of a tab in its own browser; a browser has only one microphone. */
export interface TabOptions {
  /** Default: nobody speaks. */
  readonly microphone?: MicrophoneName;
  /** False: the visitor refuses the microphone. Default true. */
  readonly microphoneAllowed?: boolean;
  /** Default: the server that all tests share. */
  readonly server?: ServerProcess;
  /** True: every sample that is played and captured is kept. Default false. */
  readonly keepsSamples?: boolean;
  /** Where the page is opened; default: straight from the server. */
  readonly url?: string;
  /** Console errors that belong to the test, such as a connection that is refused because the test ended the server. */
  readonly expectedProblems?: RegExp;
}

interface TestFixtures {
  openTab: (options?: TabOptions) => Promise<Tab>;
  /** A server for this test alone; stopped at its end. */
  startServer: (env?: Readonly<Record<string, string>>) => Promise<ServerProcess>;
}

interface WorkerFixtures {
  sharedServer: ServerProcess;
}

/** Tests with tabs. After each test: no tab had errors, the browsers are closed, and the shared server has released their resources. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  sharedServer: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's dependencies from the pattern.
    async ({}, use) => {
      const server = await ServerProcess.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  // eslint-disable-next-line no-empty-pattern -- as above
  startServer: async ({}, use) => {
    const servers: ServerProcess[] = [];
    await use(async (env) => {
      const server = await ServerProcess.start(env);
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.stop();
  },

  openTab: async ({ sharedServer, startServer }, use, testInfo) => {
    // Requested so that it is torn down later: browsers close before the servers they are connected to.
    void startServer;
    const browsers: Browser[] = [];
    const tabs: { tab: Tab; expectedProblems: RegExp | undefined }[] = [];
    await use(async (options = {}) => {
      const { microphone = 'silent', microphoneAllowed = true, keepsSamples = false, expectedProblems } = options;
      const { server = sharedServer, url = server.url } = options;
      const browser = await launch(microphone, microphoneAllowed);
      browsers.push(browser);
      const tab = await Tab.open(browser, server, url, keepsSamples);
      tabs.push({ tab, expectedProblems });
      return tab;
    });
    if (testInfo.status !== testInfo.expectedStatus) {
      for (const [index, { tab }] of tabs.entries()) await keepEvidence(`tab-${index + 1}`, tab);
    }
    for (const browser of browsers) await browser.close();
    expectNoProblems(tabs);
    await expect.poll(() => sharedServer.resources(), { message: 'what the server holds when all tabs are closed' }).toEqual(NO_RESOURCES);
  },
});

export { expect };

/** Reports a figure in the report and the log, without asserting anything. */
export function note(what: string, value: string): void {
  test.info().annotations.push({ type: what, description: value });
  process.stdout.write(`     ${what}: ${value}\n`);
}

const LOOKS = [
  { name: 'desktop-light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

/** Takes screenshots of the page for people to look at: on a desktop in light and dark mode, and on a phone. */
export async function pictures({ page }: Tab, moment: string): Promise<void> {
  await takePictures(page, moment, LOOKS);
}

/** Saves what helps to find out why a test failed, in the test's own folder. */
async function keepEvidence(name: string, tab: Tab): Promise<void> {
  if (tab.page.isClosed()) return;
  const file = (suffix: string): string => test.info().outputPath(`${name}-${suffix}`);
  const keep = (suffix: string, content: unknown): void => writeFileSync(file(suffix), JSON.stringify(content, null, 1));
  mkdirSync(dirname(file('page.png')), { recursive: true });
  await tab.page.screenshot({ path: file('page.png') });
  keep('sights.json', await tab.pageEvents());
  keep('sound.json', { heard: await tab.heard(), spoken: await tab.spoken() });
  keep(
    'messages.json',
    tab.wires.map(({ messages }) => messages),
  );
  writeFileSync(file('server.log'), tab.server.log());
}
