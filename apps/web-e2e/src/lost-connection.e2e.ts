import { Line } from './support/line';
import { expect, pictures, test } from './support/test';

/** Chromium writes one line for every connection that is refused. */
const REFUSED = /WebSocket connection to .* failed/;

test('a connection that breaks is made again by itself, and the speech it brought does not go on', async ({ openTab, sharedServer }) => {
  const line = await Line.open(sharedServer.url);
  const tab = await openTab({ url: line.url });
  await tab.start();
  await tab.type('tell me a long story');
  await tab.isHeardFor(500);

  line.cut();
  await expect(tab.notices).toContainText('The connection was lost. Reconnecting');
  const brokenAtMs = (await tab.sights()).findLast((sight) => sight.kind === 'state')?.atMs ?? 0;
  await tab.reaches('USER_SPEAKING');
  await expect(tab.notices).toHaveCount(0);
  expect(await tab.stateWords()).toContain('Reconnecting');

  await tab.type('what time is it');
  await expect(tab.said('assistant').last()).toContainText('It is');
  await tab.isHeardFor(1_000, brokenAtMs);
  const [story, ...more] = await tab.heard();
  expect(story.endMs - brokenAtMs).toBeLessThan(250);
  expect(more, 'only the answer is heard').toHaveLength(1);
  await line.close();
});

test('what is said while the line is away is heard when it is back', async ({ openTab, sharedServer }) => {
  const line = await Line.open(sharedServer.url);
  const tab = await openTab({ url: line.url, microphone: 'lateJoke', expectedProblems: REFUSED });
  await tab.start();
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await tab.reaches('USER_SPEAKING');
  expect(await tab.spoken()).toEqual([]);

  line.breakDown();
  await expect(tab.state).toHaveText('Reconnecting');
  await expect.poll(() => tab.spoken(), { message: 'the joke is asked for', timeout: 10_000 }).toHaveLength(1);
  expect(tab.wire.of('transcript').filter(({ text }) => text.includes('joke'))).toEqual([]);
  line.mend();
  await expect(tab.said('user').last()).toContainText('joke', { timeout: 15_000 });
  await expect(tab.said('assistant').last()).toContainText('clock');
  await expect(tab.page.getByTestId('transcript')).toContainText('Connection lost. A new conversation from here');
  await expect(tab.said('assistant').first()).toContainText('It is');
  await expect(tab.notices).toHaveCount(0);
  await line.close();
});

test('a server that stays away is reported with a button, which connects when it is back', async ({ openTab, startServer }) => {
  const server = await startServer();
  const tab = await openTab({ server, expectedProblems: REFUSED });
  await tab.start();
  await tab.type('tell me a long story');
  await tab.isHeardFor(500);

  await server.kill();
  await expect(tab.state).toHaveText('Reconnecting');
  await expect(tab.notices).toContainText('The connection to the server is lost.');
  await expect(tab.state).toHaveText('Disconnected');
  expect(await tab.trackStates()).toEqual(['ended']);
  await pictures(tab, 'server-lost');
  await server.restart();

  await tab.control('reconnect').click();
  await tab.reaches('USER_SPEAKING');
  await expect(tab.notices).toHaveCount(0);
  await tab.type('tell me a joke');
  await expect(tab.said('assistant').last()).toContainText('clock');
  await tab.isHeardFor(500);
});

test('a server that is being updated says so before it goes', async ({ openTab, startServer }) => {
  const server = await startServer();
  const tab = await openTab({ server, expectedProblems: REFUSED });
  await tab.start();

  expect(await server.terminate()).toBe(0);
  await expect(tab.notices).toContainText('The server is shutting down or being updated');
  await expect(tab.control('reconnect')).toBeVisible();
  await expect(tab.state).toHaveText('Disconnected');
  expect(await tab.trackStates()).toEqual(['ended']);
});
