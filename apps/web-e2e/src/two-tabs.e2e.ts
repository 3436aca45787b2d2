import { similarity } from './support/listening';
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

  for (const [mine, other] of [
    [asksTime, asksJoke],
    [asksJoke, asksTime],
  ]) {
    const blocks = await mine.blocks();
    const own = similarity(blocks, mine.wire.speechOf(1));
    const others = similarity(blocks, other.wire.speechOf(1));
    note('likeness to the own answer, to the other’s', `${own.toFixed(3)}, ${others.toFixed(3)}`);
    expect(own).toBeGreaterThan(0.8);
    expect(others).toBeLessThan(0.6);
  }
});
