import { asPlayed, follow } from './support/recording';
import { expect, note, test } from './support/test';

test('coughs, clicks, typing and slamming doors do not interrupt the assistant', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'noises', keepsSamples: true });
  await tab.start();
  const startedAtMs = (await tab.blocks()).at(-1)?.atMs ?? 0;
  await tab.type('tell me a long story');
  await tab.hasListenedUntil(startedAtMs + 16_500, 25_000);

  expect(tab.wire.of('interruption')).toEqual([]);
  expect(tab.wire.of('transcript').map(({ turn }) => turn)).not.toContain(2);
  await expect(tab.state).toHaveAttribute('data-state', 'AI_SPEAKING');
  const heard = await tab.samples('played');
  const { offset, followed, standstills } = follow(heard, asPlayed(tab.wire.speechOf(1), heard.rateHz));
  const followedMs = (followed * 1000) / heard.rateHz;
  note('ducked', `${tab.wire.of('duck').filter(({ active }) => active).length} times`);
  note('heard as it was sent', `${Math.round(followedMs)} ms`);
  expect(standstills).toEqual([]);
  expect(offset + followed).toBeGreaterThan(heard.samples.length - heard.rateHz);
  expect(followedMs).toBeGreaterThan(12_000);
});
