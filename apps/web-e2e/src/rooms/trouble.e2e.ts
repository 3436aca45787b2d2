import { LiveKitServer } from '@parley/rooms/testing';
import { ServerProcess } from '@parley/testing/client';
import { SOON } from './support/room-tab';
import { expect, mediaSettings, pictures, test } from './support/rooms-test';

/** Requests that failed are also written to the console by the browser. */
const FAILED_REQUESTS = /Failed to load resource|WebSocket connection to|net::ERR_/;

test('a server without rooms says so in the lobby, and how to get them', async ({ openTab }) => {
  const server = await ServerProcess.start();
  const tab = await openTab({ url: server.url });
  await expect(tab.page.getByTestId('rooms-unavailable')).toContainText('npm run livekit');
  await expect(tab.page.getByTestId('rooms-unavailable')).toContainText('LIVEKIT_URL');
  await expect(tab.lobby).toHaveCount(0);
  await pictures(tab, 'unavailable');
  await tab.page.close();
  await server.stop();
});

test('a visitor who was removed is told, and cannot come back', async ({ openTab, server }) => {
  const tab = await openTab({ expectedProblems: FAILED_REQUESTS });
  await tab.join('Asha');
  const room = await tab.page.getByTestId('room-name').innerText();
  const identity = await tab.member('Asha').getAttribute('data-identity');
  const removed = await fetch(`${server.url}/api/rooms/${room}/participants/${identity}`, { method: 'DELETE' });
  expect(removed.status).toBe(204);
  await expect(tab.notices).toContainText('You were removed from the room', SOON);
  await expect(tab.lobby).toBeVisible();
  await expect.poll(() => tab.trackStates()).toEqual(['ended']);
  await tab.page.getByTestId('join').click();
  await expect(tab.notices).toContainText('may not join it again', SOON);
});

test('everybody is told when the room is ended', async ({ openTab, server }) => {
  const tab = await openTab();
  await tab.join('Asha');
  const room = await tab.page.getByTestId('room-name').innerText();
  expect((await fetch(`${server.url}/api/rooms/${room}`, { method: 'DELETE' })).status).toBe(204);
  await expect(tab.notices).toContainText('The room was ended', SOON);
  await expect(tab.lobby).toBeVisible();
});

test('the page comes back by itself, with its microphone, when the media server was restarted', async ({ openTab }) => {
  test.setTimeout(240_000);
  const media = await LiveKitServer.start();
  const server = await ServerProcess.start(mediaSettings(media));
  const tab = await openTab({ url: server.url, expectedProblems: FAILED_REQUESTS });
  await tab.join('Asha', { room: 'restarted' });
  await expect(tab.member('Asha')).toHaveAttribute('data-microphone', 'on', SOON);
  await media.kill();
  await expect(tab.view).toHaveAttribute('data-phase', 'reconnecting', { timeout: 60_000 });
  await expect(tab.notices).toContainText('Reconnecting');
  await pictures(tab, 'reconnecting');
  await media.restart();
  await expect(tab.view).toHaveAttribute('data-phase', 'joined', { timeout: 120_000 });
  await expect(tab.notices).toHaveCount(0, SOON);
  await expect(tab.member('Asha')).toHaveAttribute('data-microphone', 'on', SOON);
  await tab.write('Back again.');
  await expect(tab.said('user')).toContainText('Back again.', SOON);
  await tab.page.close();
  await server.stop();
  await media.stop();
});

test('a media server that is away is named as the reason, and the visitor can try again', async ({ openTab }) => {
  const media = await LiveKitServer.start();
  const server = await ServerProcess.start(mediaSettings(media));
  const tab = await openTab({ url: server.url, expectedProblems: FAILED_REQUESTS });
  await tab.page.getByTestId('name').fill('Asha');
  await media.kill();
  await tab.page.getByTestId('join').click();
  await expect(tab.notices).toContainText(/media server/i, { timeout: 60_000 });
  await expect(tab.page.getByTestId('join')).toBeEnabled();
  await media.restart();
  await expect(async () => {
    await tab.page.getByTestId('join').click();
    await expect(tab.view).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await tab.page.close();
  await server.stop();
  await media.stop();
});
