import { TcpProxy } from './support/tcp-proxy';
import { expect, pictures, test } from './support/test';

/** Chromium writes one line for every connection that is refused. */
const REFUSED = /WebSocket connection to .* failed/;
/** Longer than a visitor would wait. */
const AWAY_MS = 8_000;

test('the page reconnects by itself after a broken connection, and the old speech does not go on', async ({ openTab, sharedServer }) => {
  const proxy = await TcpProxy.open(sharedServer.url);
  const tab = await openTab({ url: proxy.url });
  await tab.start();
  await tab.type('tell me a long story');
  await tab.isHeardFor(500);

  proxy.resetConnections();
  await expect(tab.notices).toContainText('The connection was lost. Reconnecting');
  const brokenAtMs = (await tab.pageEvents()).findLast((sight) => sight.kind === 'state')?.atMs ?? 0;
  await tab.reaches('USER_SPEAKING');
  await expect(tab.notices).toHaveCount(0);
  expect(await tab.stateWords()).toContain('Reconnecting');

  await tab.type('what time is it');
  await expect(tab.said('assistant').last()).toContainText('It is');
  await tab.isHeardFor(1_000, brokenAtMs);
  const [story, ...more] = await tab.heard();
  expect(story.endMs - brokenAtMs).toBeLessThan(250);
  expect(more, 'only the answer is heard').toHaveLength(1);
  await proxy.close();
});

test('words spoken while the connection is lost are recognised after it is restored', async ({ openTab, sharedServer }) => {
  const proxy = await TcpProxy.open(sharedServer.url);
  const tab = await openTab({ url: proxy.url, microphone: 'lateJoke', expectedProblems: REFUSED });
  await tab.start();
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await tab.reaches('USER_SPEAKING');
  expect(await tab.spoken()).toEqual([]);

  proxy.goOffline();
  await expect(tab.state).toHaveText('Reconnecting');
  await expect.poll(() => tab.spoken(), { message: 'the joke is asked for', timeout: 10_000 }).toHaveLength(1);
  expect(tab.wire.of('transcript').filter(({ text }) => text.includes('joke'))).toEqual([]);
  proxy.goOnline();
  await expect(tab.said('user').last()).toContainText('joke', { timeout: 15_000 });
  await expect(tab.said('assistant').last()).toContainText('clock');
  await expect(tab.page.getByTestId('transcript')).toContainText('Connection lost. A new conversation from here');
  await expect(tab.said('assistant').first()).toContainText('It is');
  await expect(tab.notices).toHaveCount(0);
  await proxy.close();
});

test('the page reconnects by itself to a server that was away for long, and keeps the transcript', async ({ openTab, sharedServer }) => {
  const proxy = await TcpProxy.open(sharedServer.url);
  const tab = await openTab({ url: proxy.url, expectedProblems: REFUSED });
  await tab.start();
  await tab.type('tell me a joke');
  await expect(tab.said('assistant', 1)).toContainText('clock');
  await tab.isHeardFor(500);

  proxy.goOffline();
  await expect(tab.state).toHaveText('Reconnecting');
  await expect(tab.notices).toContainText('The connection was lost. Reconnecting');
  const lostAtMs = (await tab.blocks()).at(-1)?.atMs ?? 0;
  await tab.hasListenedUntil(lostAtMs + AWAY_MS);
  await expect(tab.state).toHaveText('Reconnecting');
  await expect(tab.control('end')).toBeEnabled();
  await pictures(tab, 'server-lost');
  proxy.goOnline();

  await tab.reaches('USER_SPEAKING', 30_000);
  await expect(tab.notices).toHaveCount(0);
  await tab.type('what time is it');
  await expect(tab.said('assistant').last()).toContainText('It is');
  await expect(tab.said('assistant').first()).toContainText('clock');
  await expect(tab.page.getByTestId('transcript')).toContainText('the assistant does not remember what is above');
  await pictures(tab, 'server-found');
  await tab.isHeardFor(500);
  await proxy.close();
});

test('the page reconnects at once when the device is online again, and End stops its attempts', async ({ openTab, sharedServer }) => {
  const proxy = await TcpProxy.open(sharedServer.url);
  const tab = await openTab({ url: proxy.url, expectedProblems: REFUSED });
  await tab.start();
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');

  proxy.goOffline();
  await expect(tab.state).toHaveText('Reconnecting');
  const attempts = 4;
  await expect.poll(() => tab.wires.length, { message: 'several attempts have failed', timeout: 15_000 }).toBeGreaterThanOrEqual(attempts);
  proxy.goOnline();
  // The next one is due in 8 s, give or take a quarter.
  await tab.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(tab.state).toHaveText('Listening', { timeout: 3_000 });
  await tab.type('tell me a joke');
  await expect(tab.said('assistant').last()).toContainText('clock');

  proxy.goOffline();
  await expect(tab.state).toHaveText('Reconnecting');
  await tab.control('end').click();
  await expect(tab.state).toHaveText('Ready');
  await expect(tab.notices).toHaveCount(0);
  await expect(tab.said('assistant').first()).toContainText('It is');
  expect(await tab.trackStates()).toEqual(['ended']);

  proxy.goOnline();
  await tab.start();
  await expect(tab.said('assistant').first()).toContainText('It is');
  await expect(tab.page.getByTestId('transcript')).toContainText('A new conversation. The assistant does not remember the one above.');
  await pictures(tab, 'started-again');
  await tab.control('end').click();
  await tab.control('clear').click();
  await expect(tab.said('assistant')).toHaveCount(0);
  await proxy.close();
});

test('the page shows that the server is being updated, and reconnects afterwards', async ({ openTab, startServer }) => {
  // Two starts of a server.
  test.slow();
  const server = await startServer();
  const tab = await openTab({ server, expectedProblems: REFUSED });
  await tab.start();
  await tab.type('tell me a joke');
  await expect(tab.said('assistant', 1)).toContainText('clock');

  expect(await server.terminate()).toBe(0);
  await expect(tab.notices).toContainText('The server is shutting down or being updated. Reconnecting');
  await expect(tab.notices).toHaveCount(1);
  await expect(tab.state).toHaveText('Reconnecting');
  await pictures(tab, 'server-updated');
  await server.restart();
  await tab.reaches('USER_SPEAKING', 30_000);
  await expect(tab.page.getByTestId('transcript')).toContainText('The server was restarted. A new conversation from here');
  await tab.type('what time is it');
  await expect(tab.said('assistant').last()).toContainText('It is');
});
