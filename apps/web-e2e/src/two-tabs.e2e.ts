import { audibleOutside, similarity } from './support/listening';
import { expect, note, test } from './support/test';

test('two visitors at the same time hear only their own answers', async ({ openTab }) => {
  const [asksTime, asksJoke] = await Promise.all([openTab({ microphone: 'time' }), openTab({ microphone: 'joke' })]);
  await Promise.all([asksTime.start(), asksJoke.start()]);
  await expect.poll(async () => (await asksTime.server.resources()).parley_sessions).toBe(2);

  for (const tab of [asksTime, asksJoke]) {
    await expect(tab.said('assistant', 1)).toHaveAttribute('data-final', 'true', { timeout: 15_000 });
    await tab.reaches('USER_SPEAKING');
    await expect(tab.said('user')).toHaveCount(1);
    await expect(tab.said('assistant')).toHaveCount(1);
  }
  await expect(asksTime.said('user')).toContainText('time');
  await expect(asksTime.said('assistant')).toContainText('It is');
  await expect(asksJoke.said('user')).toContainText('joke');
  await expect(asksJoke.said('assistant')).toContainText('clock');

  for (const tab of [asksTime, asksJoke]) {
    const blocks = await tab.blocks();
    const speech = tab.wire.speechOf(1);
    const outside = audibleOutside(blocks, speech);
    note('likeness to the own answer, blocks heard outside of it', `${similarity(blocks, speech).toFixed(3)}, ${outside}`);
    // Two voices at once would match neither answer, and an answer of the other tab would be heard where the own answer is not.
    expect(similarity(blocks, speech)).toBeGreaterThan(0.95);
    expect(outside).toBe(0);
  }
});
