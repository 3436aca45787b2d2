import { isAudible } from './support/listening';
import { BLOCK_MS } from './in-page/observation';
import { expect, note, test } from './support/test';

test('Stop silences the assistant at once', async ({ openTab }) => {
  const tab = await openTab();
  await tab.start();
  await tab.type('tell me a long story');
  await tab.isHeardFor(1_000);

  await tab.control('stop').click();
  await expect(tab.said('assistant', 1)).toHaveAttribute('data-interrupted', 'true');
  await tab.reaches('USER_SPEAKING');
  await expect(tab.control('stop')).toBeDisabled();
  const clickedAtMs = await tab.clickedAtMs('stop');
  // The server had sent about ten seconds ahead; none of that may be played.
  await tab.hasListenedUntil(clickedAtMs + 2_000);
  const lastHeard = (await tab.blocks()).findLast(isAudible);
  const delayMs = (lastHeard?.atMs ?? 0) + BLOCK_MS - clickedAtMs;
  note('click to silence', `${Math.round(delayMs)} ms`);
  expect(delayMs).toBeLessThan(250);
  expect(tab.wire.of('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'button' }]);

  await tab.type('what time is it');
  await expect(tab.said('assistant', 2)).toContainText('It is');
});

test('a muted microphone is ignored, and is used again after unmuting', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'timeThenJoke' });
  await tab.start();
  await tab.control('mute').click();
  await expect(tab.control('mute')).toHaveText('Unmute');

  await expect.poll(() => tab.spoken(), { message: 'the question is asked', timeout: 10_000 }).toHaveLength(1);
  const [question] = await tab.spoken();
  await tab.hasListenedUntil(question.startMs + 3_000);
  expect(tab.wire.of('transcript')).toEqual([]);
  expect(tab.wire.of('state').map(({ state }) => state)).toEqual(['USER_SPEAKING']);

  await tab.control('mute').click();
  await expect(tab.control('mute')).toHaveText('Mute');
  await expect(tab.said('user', 1)).toContainText('joke');
  await expect(tab.said('assistant', 1)).toContainText('clock');
  await expect(tab.said('user')).toHaveCount(1);
});
