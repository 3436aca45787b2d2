import type { RoomTab } from './support/room-tab';
import { SOON } from './support/room-tab';
import { expect, pictures, test } from './support/rooms-test';

/** Somebody joins, and begins to speak when the assistant listens: a recording is spoken from the moment that the microphone is opened. */
async function joinAndSpeak(tab: RoomTab, name: string): Promise<void> {
  await tab.join(name, { microphone: false });
  await tab.listens();
  await tab.press('mute');
}

test('a spoken question is answered aloud and in text, and the panels show how fast', async ({ openTab, rooms }) => {
  const tab = await openTab({ url: rooms.api.url, microphone: 'time' });
  await joinAndSpeak(tab, 'Asha');
  await expect(tab.said('user').last()).toContainText('time', SOON);
  await expect(tab.said('user').last()).toContainText('You');
  await expect(tab.presence).toHaveAttribute('data-state', 'speaking', SOON);
  await expect(tab.member('Parley')).toHaveAttribute('data-speaking', 'true');
  await pictures(tab, 'assistant-speaks');
  await expect(tab.said('assistant').last()).toContainText(/It is (noon|midnight|.+ in the (morning|afternoon|evening))/, SOON);
  await tab.listens();
  await tab.fallsSilent(1_000);
  const reply = await tab.said('assistant').last().locator('.line-text').innerText();
  const msPerCharacter = (await tab.audibleMs()) / reply.length;
  expect(msPerCharacter, 'the pace of a voice that says just this text').toBeGreaterThan(35);
  expect(msPerCharacter).toBeLessThan(110);

  await tab.page.getByTestId('metrics').locator('summary').click();
  await expect(tab.page.getByTestId('metrics').locator('[data-mark="audio_sent"]').first()).toContainText(/\d+ ms/, SOON);
  await tab.page.getByTestId('legs').locator('summary').click();
  await expect(tab.page.locator('[data-leg="page"]')).toContainText(/\d ms/, SOON);
  await expect(tab.page.locator('[data-leg="buffer"]')).toContainText(/\d ms/, SOON);
  await pictures(tab, 'assistant-panels');
});

test('a spoken interruption silences the assistant, and what was not heard is marked', async ({ openTab, rooms }) => {
  const tab = await openTab({ url: rooms.api.url, microphone: 'interruptedStory' });
  await joinAndSpeak(tab, 'Asha');
  await expect(tab.said('assistant').first()).toContainText('village', SOON);
  await tab.hears(1_500);
  const story = tab.said('assistant').first();
  await expect(story).toHaveAttribute('data-interrupted', 'true', SOON);
  await tab.fallsSilent(400);
  await expect(story.locator('.line-unheard')).not.toBeEmpty();
  const heard = await tab.audibleMs();
  const characters = (await story.locator('.line-text').innerText()).length;
  expect(heard, 'the story was not heard to its end').toBeLessThan(characters * 35);
  // The interruption is answered like any other words.
  await expect(tab.said('user')).toHaveCount(2, SOON);
});

test('two people share one assistant: both hear and read what is asked and answered', async ({ openTab, rooms }) => {
  const { url } = rooms.api;
  const asha = await openTab({ url, microphone: 'joke' });
  await asha.join('Asha', { microphone: false });
  const ben = await openTab({ url, path: new URL(asha.page.url()).pathname });
  await ben.join('Ben', { microphone: false });
  await ben.listens();
  await asha.press('mute');
  await expect(ben.said('user').last()).toContainText('joke', SOON);
  await expect(ben.said('user').last()).toContainText('Asha');
  for (const tab of [asha, ben]) {
    await expect(tab.said('assistant').last()).toHaveAttribute('data-final', 'true', SOON);
    await tab.hears(1_000);
  }
  const answer = await asha.said('assistant').last().locator('.line-text').innerText();
  await expect(ben.said('assistant').last().locator('.line-text')).toHaveText(answer);
  await expect(ben.page.locator('[data-kind="assistant"]')).toHaveCount(1);
  await pictures(ben, 'assistant-shared');
});

test('a written question is answered aloud, shown once, and Stop silences the answer', async ({ openTab, rooms }) => {
  const tab = await openTab({ url: rooms.api.url });
  await tab.join('Asha', { microphone: false });
  await tab.listens();
  await tab.write('tell me a long story');
  await expect(tab.said('assistant').last()).toContainText('village', SOON);
  await expect(tab.said('user').filter({ hasText: 'tell me a long story' })).toHaveCount(1);
  await tab.hears(1_000);
  await tab.press('stop');
  await expect(tab.said('assistant').last()).toHaveAttribute('data-interrupted', 'true', SOON);
  await tab.fallsSilent(1_000);
  await tab.listens();
});
