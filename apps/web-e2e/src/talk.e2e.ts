import { durationMs, similarity, speechMs } from './support/listening';
import { NO_RESOURCES } from '@parley/testing/client';
import { expect, note, test } from './support/test';

test('a spoken question is answered in text and aloud, and End releases everything', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'time' });
  await tab.start();
  await expect(tab.microphones.locator('option')).not.toHaveCount(0);
  await expect(tab.providers.locator('summary')).toContainText('built-in demo');

  await expect(tab.said('user', 1)).toContainText('time');
  await tab.reaches('AI_SPEAKING');
  await tab.reaches('USER_SPEAKING');
  await expect(tab.said('user', 1)).toHaveAttribute('data-final', 'true');
  await expect(tab.said('assistant', 1)).toHaveAttribute('data-final', 'true');
  await expect(tab.said('assistant', 1)).toHaveAttribute('data-interrupted', 'false');
  await expect(tab.said('assistant', 1)).toContainText(/It is (noon|midnight|.+ in the (morning|afternoon|evening))/);
  expect(tab.wire.of('state').map(({ state }) => state)).toEqual(['USER_SPEAKING', 'AI_PROCESSING', 'AI_SPEAKING', 'USER_SPEAKING']);
  // An answer that was prepared early leaves no time for thinking: a page that is not slowed down may not show it.
  expect((await tab.stateWords()).join()).toMatch(/,Listening,(Thinking,)?Speaking,Listening$/);

  const [heard, ...more] = await tab.heard();
  const [spoken] = await tab.spoken();
  expect(more, 'the page is heard once').toEqual([]);
  const speech = tab.wire.speechOf(1);
  const sentMs = speechMs(speech);
  const like = similarity(await tab.blocks(), speech);
  note('answer heard after the end of the question', `${Math.round(heard.startMs - spoken.endMs)} ms`);
  note('heard of what the server sent', `${Math.round(durationMs(heard))} of ${Math.round(sentMs)} ms, likeness ${like.toFixed(3)}`);
  expect(like).toBeGreaterThan(0.8);
  // Speech begins and ends with some silence.
  expect(durationMs(heard)).toBeGreaterThan(sentMs - 500);
  expect(durationMs(heard)).toBeLessThan(sentMs + 500);
  const msPerCharacter = durationMs(heard) / (await tab.said('assistant', 1).locator('.line-text').innerText()).length;
  expect(msPerCharacter, 'the pace of a voice that says just this text').toBeGreaterThan(40);
  expect(msPerCharacter).toBeLessThan(100);

  await tab.metrics.locator('summary').click();
  const firstSound = tab.metrics.locator('[data-turn="1"] [data-metric="first_sound"]');
  await expect(firstSound).toBeVisible();
  note('the page’s own figure', await firstSound.innerText());
  await expect(tab.metrics.locator('[data-turn="1"] [data-mark="playback_started"]')).toContainText(/\d+ ms/);

  await tab.control('end').click();
  await expect(tab.control('start')).toBeVisible();
  await expect.poll(() => tab.server.resources()).toEqual(NO_RESOURCES);
  expect(await tab.trackStates()).toEqual(['ended']);
});
