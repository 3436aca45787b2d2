import { type Browser, test as base, expect } from '@playwright/test';
import { LiveKitServer, RoomsUnderTest } from '@parley/rooms/testing';
import { ServerProcess } from '@parley/testing/client';
import { expectNoProblems, launch, takePictures } from '../../support/browser';
import type { MicrophoneName } from '../../support/microphones';
import { RoomTab } from './room-tab';

export { expect };

/** Bounds programs that never become ready. On a machine that is busy with other tests, good ones may take minutes. */
const START_TIMEOUT_MS = 300_000;

export interface RoomTabOptions {
  /** Default: nobody speaks. */
  readonly microphone?: MicrophoneName;
  /** False: the visitor refuses the microphone. Default true. */
  readonly microphoneAllowed?: boolean;
  readonly path?: string;
  /** Default: the server that has no assistants. */
  readonly url?: string;
  /** Console errors that belong to the test. */
  readonly expectedProblems?: RegExp;
}

interface Fixtures {
  openTab: (options?: RoomTabOptions) => Promise<RoomTab>;
}

interface WorkerFixtures {
  media: LiveKitServer;
  /** The built server, without any assistant. */
  server: ServerProcess;
  /** All programs, with an assistant for every room. */
  rooms: RoomsUnderTest;
}

/** The screen is shared without a question. */
const SCREEN = ['--auto-select-desktop-capture-source=Entire screen'];

/** Tests with people in rooms: a real media server and the built programs for all, and a browser for each person. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  media: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's dependencies from the pattern.
    async ({}, use) => {
      const media = await LiveKitServer.start();
      await use(media);
      await media.stop();
    },
    { scope: 'worker', timeout: START_TIMEOUT_MS },
  ],

  server: [
    async ({ media }, use) => {
      const server = await ServerProcess.start(mediaSettings(media));
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: START_TIMEOUT_MS },
  ],

  rooms: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const rooms = await RoomsUnderTest.start({ workers: 1, env: { ROOMS_OPEN: 'true' } });
      await use(rooms);
      await rooms.stop();
    },
    { scope: 'worker', timeout: START_TIMEOUT_MS },
  ],

  openTab: async ({ server }, use) => {
    const browsers: Browser[] = [];
    const tabs: { tab: RoomTab; expectedProblems: RegExp | undefined }[] = [];
    await use(async ({ microphone = 'silent', microphoneAllowed = true, path, url = server.url, expectedProblems } = {}) => {
      const browser = await launch(microphone, microphoneAllowed, SCREEN);
      browsers.push(browser);
      const tab = await RoomTab.open(browser, url, path);
      tabs.push({ tab, expectedProblems });
      return tab;
    });
    for (const browser of browsers) await browser.close();
    expectNoProblems(tabs);
  },
});

/** What a program of ours is told about the media server. */
export const mediaSettings = ({ url, apiKey, apiSecret }: LiveKitServer): Record<string, string> => ({
  LIVEKIT_URL: url,
  LIVEKIT_API_KEY: apiKey,
  LIVEKIT_API_SECRET: apiSecret,
});

const LOOKS = [
  { name: 'desktop-light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light', fullPage: true },
  { name: 'narrow-dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark', fullPage: true },
] as const;

/** Takes screenshots of the page for people to look at, and checks that nothing sticks out sideways. */
export async function pictures({ page }: RoomTab, moment: string): Promise<void> {
  await takePictures(page, `rooms-${moment}`, LOOKS);
}
