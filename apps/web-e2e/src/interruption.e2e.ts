import { continuation, durationMs, similarity, speechMs } from './support/listening';
import { expect, note, test } from './support/test';
import { BLOCK_MS } from './in-page/observation';

/** RMS above which the server's speech is within a word. */
const LOUD = 0.02;
/** The pause between two sentences of the story: a voice that begins in one finds the assistant silent already. */
const LONGEST_PAUSE_MS = 700;

test('speaking over the assistant interrupts it at once, and the old reply is never heard again', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'interruptedStory' });
  await tab.start();
  await expect(tab.said('user', 1)).toContainText('story');
  await tab.reaches('AI_SPEAKING');

  await expect(tab.said('assistant', 1)).toHaveAttribute('data-interrupted', 'true', { timeout: 20_000 });
  await expect(tab.said('user', 2)).toContainText('wait', { ignoreCase: true });
  await tab.reaches('AI_SPEAKING');
  await tab.reaches('USER_SPEAKING');
  await expect(tab.said('assistant', 2)).toContainText('Of course');
  await expect(tab.said('assistant', 2)).toHaveAttribute('data-interrupted', 'false');

  const sights = await tab.pageEvents();
  const growth = sights.flatMap((sight) => (sight.kind === 'reply' && sight.turn === 1 ? [sight.text] : []));
  expect(growth.length, 'the text appears piece by piece').toBeGreaterThan(5);
  for (const [index, text] of growth.entries()) expect(text.startsWith(growth[index - 1] ?? '')).toBe(true);

  const [, voice] = await tab.spoken();
  const spans = await tab.heard();
  const oldReply = spans.findLast(({ startMs }) => startMs <= voice.startMs);
  const newReplies = spans.filter(({ startMs }) => startMs > voice.startMs);
  const silentAfterMs = (oldReply?.endMs ?? 0) - voice.startMs;
  note('voice to silence', `${Math.round(silentAfterMs)} ms`);
  expect(silentAfterMs, 'the story was being told').toBeGreaterThan(-LONGEST_PAUSE_MS);
  expect(silentAfterMs).toBeLessThan(1_000);

  // The server's audio, from the position when the voice began, tells how loud the played audio should have been.
  const blocks = await tab.blocks();
  const voiceAt = blocks.findIndex(({ atMs }) => atMs >= voice.startMs);
  const story = continuation(blocks.slice(voiceAt - 100, voiceAt), tab.wire.speechOf(1));
  expect(story.likeness, 'the story was heard as it was sent').toBeGreaterThan(0.8);
  const ducked = story.sent.findIndex((level, index) => level > LOUD && blocks[voiceAt + index].played < 0.3 * level);
  note('voice to a quieter assistant', `${ducked * BLOCK_MS} ms`);
  expect(tab.wire.of('duck')[0]).toMatchObject({ turn: 1, active: true });
  expect(tab.wire.of('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'speech' }]);

  // The next audio is the new reply and nothing else.
  expect(newReplies).toHaveLength(1);
  const answer = tab.wire.speechOf(2);
  expect(durationMs(newReplies[0])).toBeLessThan(speechMs(answer) + 500);
  expect(similarity(blocks.slice(voiceAt), answer)).toBeGreaterThan(0.8);
});
