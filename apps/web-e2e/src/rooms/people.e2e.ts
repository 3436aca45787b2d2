import type { Page } from '@playwright/test';
import { SOON } from './support/room-tab';
import { expect, pictures, test } from './support/rooms-test';

/** Presses Tab until this control has the focus. */
async function reachByTab(page: Page, testId: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((id) => document.activeElement?.getAttribute('data-testid') === id, testId)) return;
  }
  throw new Error(`${testId} is not reached with Tab`);
}

test('two people hear each other, see who speaks, and write to each other', async ({ openTab }) => {
  const asha = await openTab({ microphone: 'listener' });
  await pictures(asha, 'lobby');
  await asha.join('Asha');
  const link = await asha.page.getByTestId('room-link').getAttribute('href');
  expect(asha.page.url()).toBe(link);

  const ben = await openTab({ path: new URL(link ?? '').pathname });
  await ben.join('Ben', { microphone: false });
  await expect(ben.member('Asha')).toHaveAttribute('data-microphone', 'on', SOON);
  await expect(asha.member('Ben')).toHaveAttribute('data-microphone', 'off', SOON);
  await ben.hears(300);
  await expect(ben.member('Asha')).toHaveAttribute('data-speaking', 'true', SOON);

  await ben.write('I can hear you.');
  await expect(asha.said('user').filter({ hasText: 'I can hear you.' })).toContainText('Ben', SOON);
  await asha.write('Good!');
  await expect(ben.said('user').filter({ hasText: 'Good!' })).toContainText('Asha', SOON);
  await expect(asha.said('user').filter({ hasText: 'Good!' })).toContainText('You');
  await pictures(asha, 'people');
});

test('mute silences one at once for the others, and leaving gives everything back', async ({ openTab }) => {
  const asha = await openTab({ microphone: 'listener' });
  await asha.join('Asha');
  const ben = await openTab({ path: new URL(asha.page.url()).pathname });
  await ben.join('Ben', { microphone: false });
  await ben.hears(200);

  await asha.press('mute');
  await expect(ben.member('Asha')).toHaveAttribute('data-microphone', 'muted', SOON);
  await ben.fallsSilent(2_000);
  await asha.press('mute');
  await expect(ben.member('Asha')).toHaveAttribute('data-microphone', 'on', SOON);

  await asha.press('leave');
  await expect(asha.lobby).toBeVisible();
  await expect.poll(() => asha.trackStates()).toEqual(['ended']);
  await expect(ben.member('Asha')).toHaveCount(0, SOON);
  await expect(ben.page.getByTestId('news')).toHaveText('Asha left.');
  // Whoever has left may come back, as the room is still filled in.
  await asha.page.getByTestId('join').click();
  await expect(ben.member('Asha')).toBeVisible(SOON);
});

test('a camera and a screen are seen by others while they are on, and the camera is off at joining', async ({ openTab }) => {
  const asha = await openTab();
  await asha.join('Asha');
  const ben = await openTab({ path: new URL(asha.page.url()).pathname });
  await ben.join('Ben', { microphone: false });
  const video = ben.member('Asha').locator('video');
  await expect(asha.page.getByTestId('camera')).toHaveAttribute('aria-pressed', 'false');
  await expect(video).toHaveCount(0);

  await asha.press('camera');
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth), SOON).toBeGreaterThan(0);
  await asha.press('share');
  const screen = ben.page.getByTestId('screen').locator('video');
  await expect.poll(() => screen.evaluate((element: HTMLVideoElement) => element.videoWidth), SOON).toBeGreaterThan(0);
  await pictures(ben, 'screen');

  await asha.press('share');
  await asha.press('camera');
  await expect(screen).toHaveCount(0, SOON);
  await expect(video).toHaveCount(0, SOON);
});

test('a room is joined and used with the keyboard alone, on a narrow screen', async ({ openTab }) => {
  const tab = await openTab();
  const { page } = tab;
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByTestId('name').focus();
  await page.keyboard.type('Asha');
  await page.keyboard.press('Enter');
  await expect(tab.view).toBeFocused(SOON);
  await reachByTab(page, 'mute');
  await expect(page.getByTestId('mute')).toHaveAttribute('aria-pressed', 'true', SOON);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('mute')).toHaveAttribute('aria-pressed', 'false');
  await reachByTab(page, 'text-input');
  await page.keyboard.type('Hello.');
  await page.keyboard.press('Enter');
  await expect(tab.said('user')).toContainText('Hello.', SOON);
  await page.getByTestId('room-view').focus();
  await reachByTab(page, 'leave');
  await page.keyboard.press('Enter');
  await expect(tab.lobby).toBeVisible();
  await expect(page.getByTestId('join')).toBeFocused();
});

test('somebody whose microphone is refused takes part by writing, and is told so', async ({ openTab }) => {
  const tab = await openTab({ microphoneAllowed: false });
  await tab.page.getByTestId('try').click();
  await expect(tab.page.getByTestId('microphone-problem')).toContainText('not allowed');
  await tab.join('Asha');
  await expect(tab.notices).toContainText('The microphone is not allowed', SOON);
  await expect(tab.member('Asha')).toHaveAttribute('data-microphone', 'off');
  await tab.write('I can only write.');
  await expect(tab.said('user')).toContainText('I can only write.', SOON);
});
