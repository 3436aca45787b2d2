import { BLOCK_MS } from './in-page/observation';
import { NO_RESOURCES } from '@parley/testing/client';
import { durationMs, isAudible, similarity, speechMs } from './support/listening';
import { expect, note, test } from './support/test';

/** The pause between two sentences of the story: a voice that begins in one finds the assistant silent already. */
const LONGEST_PAUSE_MS = 700;

test('the agent greets, answers, is interrupted by voice and by Stop, and releases everything', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'agentsVisitor' });
  await tab.page.getByText('ElevenLabs agent').click();
  await tab.control('start').click();

  // The agent speaks first.
  await tab.reaches('AI_SPEAKING');
  await expect(tab.said('assistant', 1)).toContainText('What can I do for you?');
  await tab.reaches('USER_SPEAKING');
  await expect(tab.providers).toContainText('Voice agent: built-in demo');
  await expect(tab.providers).not.toContainText('Language model');
  await expect(tab.said('user')).toHaveCount(0);

  await expect(tab.said('user', 2)).toContainText('time');
  await tab.reaches('AI_SPEAKING');
  await tab.reaches('USER_SPEAKING');
  await expect(tab.said('assistant', 2)).toContainText(/The time is .+ at \d\d:\d\d/);
  await expect(tab.said('assistant', 2)).toHaveAttribute('data-interrupted', 'false');

  const [greeting, answer, ...more] = await tab.heard();
  expect(more, 'the page is heard twice').toEqual([]);
  const blocks = await tab.blocks();
  for (const [turn, span] of [greeting, answer].entries()) {
    const speech = tab.wire.speechOf(turn + 1);
    expect(similarity(blocks, speech), `turn ${turn + 1} is heard as it was sent`).toBeGreaterThan(0.8);
    expect(Math.abs(durationMs(span) - speechMs(speech))).toBeLessThan(500);
  }
  const [question] = await tab.spoken();
  note('answer heard after the end of the question', `${Math.round(answer.startMs - question.endMs)} ms`);
  const measured = tab.metrics.locator('[data-turn="2"]');
  await tab.metrics.locator('summary').click();
  await expect(measured.locator('[data-metric="first_sound"]')).toContainText('You stopped');
  await expect(measured.locator('[data-mark="stt_final"]')).toContainText('0 ms');
  await expect(measured.locator('[data-metric="unknown"]')).toContainText('You stopped');
  await expect(tab.metrics.locator('[data-turn="1"]'), 'nobody waited for the greeting').toHaveCount(0);
  await tab.metrics.locator('summary').click();

  await tab.type('tell me a long story');
  await expect(tab.said('user', 3)).toHaveText(/long story/);
  await expect(tab.said('assistant', 3)).toHaveAttribute('data-interrupted', 'true', { timeout: 15_000 });
  await expect(tab.said('user', 4)).toContainText('wait', { ignoreCase: true });
  // The story was replaced by the part of it that was heard.
  const correction = tab.wire.of('text_response').findLast(({ turn, is_final: isFinal }) => turn === 3 && isFinal);
  expect(correction?.text).toBe('');
  await expect(tab.said('assistant', 3).locator('.line-text')).toHaveText(correction?.full_text ?? '');
  const [, voice] = await tab.spoken();
  const story = (await tab.heard()).findLast(({ startMs }) => startMs <= voice.startMs);
  const silentAfterMs = (story?.endMs ?? 0) - voice.startMs;
  note('voice to silence', `${Math.round(silentAfterMs)} ms`);
  expect(silentAfterMs, 'the story was being told').toBeGreaterThan(-LONGEST_PAUSE_MS);
  expect(silentAfterMs).toBeLessThan(1_000);

  await tab.reaches('AI_SPEAKING');
  await tab.isHeardFor(100, voice.endMs);
  await tab.control('stop').click();
  await tab.reaches('USER_SPEAKING');
  const clickedAtMs = await tab.clickedAtMs('stop');
  await tab.hasListenedUntil(clickedAtMs + 1_000);
  const lastHeard = (await tab.blocks()).findLast(isAudible);
  const delayMs = (lastHeard?.atMs ?? 0) + BLOCK_MS - clickedAtMs;
  note('click to silence', `${Math.round(delayMs)} ms`);
  expect(delayMs).toBeLessThan(250);
  expect(tab.wire.of('interruption').map(({ turn, reason }) => [turn, reason])).toEqual([
    [3, 'speech'],
    [4, 'button'],
  ]);

  await tab.control('end').click();
  await expect(tab.control('start')).toBeVisible();
  await expect.poll(() => tab.server.resources()).toEqual(NO_RESOURCES);
  expect(await tab.trackStates()).toEqual(['ended']);
  expect(tab.wire.of('error')).toEqual([]);
});
