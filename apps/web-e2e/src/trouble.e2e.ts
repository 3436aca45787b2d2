import { TcpProxy } from './support/tcp-proxy';
import { expect, pictures, test } from './support/test';
import type { Tab } from './support/tab';

/** Chromium writes one line for every connection or file that is refused. */
const REFUSED = /WebSocket connection to .* failed|Failed to load resource|net::ERR/;

/** Opens the page again after changing the browser's environment with `change`. */
async function reopen(tab: Tab, change: () => void): Promise<void> {
  await tab.page.addInitScript(change);
  await tab.page.reload();
  await expect(tab.control('start')).toBeVisible();
}

async function ends(tab: Tab): Promise<void> {
  await tab.control('end').click();
  await expect(tab.state).toHaveText('Ready');
  await expect(tab.control('start')).toBeVisible();
}

test('a missing Web Audio API is reported, and the conversation runs in writing', async ({ openTab }) => {
  const tab = await openTab();
  await reopen(tab, () => void Reflect.deleteProperty(window, 'AudioContext'));
  await tab.control('start').click();
  await tab.reaches('USER_SPEAKING');
  await expect(tab.state).toHaveText('Your turn');
  await expect(tab.notices).toHaveText(/no Web Audio.*You can type instead/);
  await pictures(tab, 'no-web-audio');
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await ends(tab);
});

test('blocked audio playback is reported, and speech plays once it is allowed', async ({ openTab }) => {
  const tab = await openTab();
  await reopen(tab, () => {
    window.AudioContext = class extends window.AudioContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        void this.suspend();
      }

      override resume(): Promise<void> {
        return document.title === 'allowed' ? super.resume() : new Promise(() => undefined);
      }
    };
  });
  await tab.control('start').click();
  await tab.reaches('USER_SPEAKING');
  await expect(tab.notices).toContainText('The browser has paused the sound');
  await expect(tab.state).toHaveText('Sound paused');
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await pictures(tab, 'sound-paused');
  // The reply cannot be played, but it still ends.
  await tab.reaches('USER_SPEAKING');
  await tab.page.evaluate(() => (document.title = 'allowed'));
  await tab.control('sound').click();
  await expect(tab.notices).toHaveCount(0);
  await expect(tab.state).toHaveText('Listening');
  await tab.type('tell me a joke');
  await tab.isHeardFor(500);
  await ends(tab);
});

test('the conversation runs in writing while the microphone permission is pending', async ({ openTab }) => {
  const tab = await openTab();
  await reopen(tab, () => {
    const { mediaDevices } = navigator;
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      await new Promise((resolve) => window.addEventListener('allowed', resolve, { once: true }));
      return getUserMedia(constraints);
    };
  });
  await tab.control('start').click();
  await expect(tab.notices).toContainText('Your browser is asking whether this page may use the microphone');
  await tab.reaches('USER_SPEAKING');
  await expect(tab.state).toHaveText('Your turn');
  await pictures(tab, 'microphone-asked');
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await tab.page.evaluate(() => window.dispatchEvent(new Event('allowed')));
  await expect(tab.notices).toHaveCount(0);
  await expect(tab.control('mute')).toBeEnabled();
  await ends(tab);
  expect(await tab.trackStates()).toEqual(['ended']);
});

test('the conversation runs in writing if the audio modules do not load', async ({ openTab }) => {
  const tab = await openTab({ expectedProblems: REFUSED });
  await tab.page.route(/worker-.*\.js/, (route) => route.abort());
  // The browser loads a worklet's modules in a way that tests cannot intercept.
  await reopen(tab, () => {
    const addModule = AudioWorklet.prototype.addModule;
    AudioWorklet.prototype.addModule = function (address) {
      return String(address).includes('worker-') ? Promise.reject(new Error('404')) : addModule.call(this, address);
    };
  });
  await tab.control('start').click();
  await tab.reaches('USER_SPEAKING');
  await expect(tab.notices).toContainText('sound did not load');
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await ends(tab);
});

test('a failed first connection is reported, is retried by itself, and can be stopped', async ({ openTab, sharedServer }) => {
  const proxy = await TcpProxy.open(sharedServer.url);
  const tab = await openTab({ url: proxy.url, expectedProblems: REFUSED });
  proxy.goOffline();
  await tab.control('start').click();
  await expect(tab.notices).toContainText('The server cannot be reached. Trying again');
  await expect(tab.state).toHaveText('Connecting');
  await pictures(tab, 'unreachable');
  await ends(tab);
  await expect(tab.notices).toHaveCount(0);

  await tab.control('start').click();
  await expect(tab.notices).toContainText('The server cannot be reached');
  proxy.goOnline();
  await tab.reaches('USER_SPEAKING');
  await expect(tab.notices).toHaveCount(0);
  await ends(tab);
  await proxy.close();
});

test('a server that refuses the page is reported as such', async ({ openTab }) => {
  const tab = await openTab();
  await tab.page.routeWebSocket('**/ws', (socket) => socket.close({ code: 1008, reason: 'origin not allowed' }));
  await tab.control('start').click();
  await expect(tab.notices).toContainText('The server refused the connection');
  await expect(tab.state).toHaveText('Disconnected');
  await pictures(tab, 'refused');
  await expect(tab.control('reconnect')).toBeEnabled();
});

test('a server of another version is reported as such, and the page can be reloaded', async ({ openTab }) => {
  const tab = await openTab();
  await tab.page.routeWebSocket('**/ws', (socket) =>
    socket.onMessage(() => socket.send(JSON.stringify({ type: 'connection_established', message: 'Connected.', protocol: 2 }))),
  );
  await tab.control('start').click();
  await expect(tab.notices).toContainText('different versions');
  await expect(tab.state).toHaveText('Disconnected');
  await pictures(tab, 'another-version');
  await tab.control('reload').click();
  await expect(tab.state).toHaveText('Ready');
  await expect(tab.notices).toHaveCount(0);
});

test('a revoked microphone permission is not reported as an unplugged microphone', async ({ openTab }) => {
  const tab = await openTab();
  await tab.start();
  await tab.page.evaluate(() => {
    Object.defineProperty(navigator.permissions, 'query', { value: async () => ({ state: 'denied' }) });
  });
  await tab.unplugMicrophone();
  await expect(tab.notices).toContainText('The microphone is not allowed');
  await expect(tab.state).toHaveText('Your turn');
  await ends(tab);
});
