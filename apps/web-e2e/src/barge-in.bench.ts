import { startSimulator, ToneSynthesiser } from '@parley/simulator';
import { bargeInAt, onsetSample } from './support/barge-in';
import { LengthRecogniser } from './support/length-recogniser';
import { quantile } from './support/quantile';
import { asPlayed, positionOf } from './support/recording';
import { expect, test } from './support/test';

const TARGETS = { duckedMedianMs: 150, silentMedianMs: 280, silentP95Ms: 350 };
/** Far beyond the targets, because the assertion only checks that interruptions work. */
const GENEROUS_MS = 1_000;
const INTERRUPTIONS = 10;

test(`${INTERRUPTIONS} interruptions, on the samples that the page played`, async ({ openTab, startServer }) => {
  // The bench does not measure whether the words are recognised in time.
  const recogniser = new LengthRecogniser('tell me a long story', 'tell me a long story');
  const vendors = await startSimulator({ recogniser, synthesiser: new ToneSynthesiser() });
  const server = await startServer({ SARVAM_BASE_URL: vendors.urls.sarvam, SARVAM_API_KEY: 'any' });
  const tab = await openTab({ server, microphone: 'bargeIns', keepsSamples: true });
  await tab.start();
  await expect.poll(() => tab.wire.of('interruption').length, { timeout: 120_000 }).toBe(INTERRUPTIONS);
  await expect(tab.said('assistant', INTERRUPTIONS + 1)).not.toBeEmpty();
  await tab.hasListenedUntil(((await tab.blocks()).at(-1)?.atMs ?? 0) + 1_500);

  await vendors.close();
  const [heard, captured] = [await tab.samples('played'), await tab.samples('captured')];
  const voices = (await tab.spoken()).slice(0, INTERRUPTIONS + 1);
  expect(voices).toHaveLength(INTERRUPTIONS + 1);
  const replies = voices.map((_, index) => asPlayed(tab.wire.speechOf(index + 1), heard.rateHz));
  const results = voices.slice(1).map(({ startMs }, index) => {
    const onset = onsetSample(captured, startMs);
    const previousOnset = onsetSample(captured, voices[index].startMs);
    const shift = positionOf(heard, replies[index], previousOnset);
    const next = positionOf(heard, replies[index + 1], onset);
    return bargeInAt(heard, replies[index], shift, onset, next);
  });

  const row = (what: string, values: readonly (number | undefined)[], target: string): string => {
    const known = values.filter((value) => value !== undefined);
    const [median, p95, max] = [quantile(known, 0.5), quantile(known, 0.95), Math.max(...known)].map((value) => Math.round(value));
    return `| ${what} | ${known.length} | ${median} | ${p95} | ${max} | ${target} |`;
  };
  const lines = [
    '',
    '| from the first sound of the voice at the microphone (ms) | n | median | 95 % | max | target |',
    '| --- | --- | --- | --- | --- | --- |',
    row(
      '→ ducked',
      results.map(({ duckedMs }) => duckedMs),
      `median ≤ ${TARGETS.duckedMedianMs}`,
    ),
    row(
      '→ silent',
      results.map(({ silentMs }) => silentMs),
      `median ≤ ${TARGETS.silentMedianMs}, 95 % ≤ ${TARGETS.silentP95Ms}`,
    ),
    '',
    `samples of an old reply after its silence: ${results.reduce((sum, { lateSamples }) => sum + lateSamples, 0)}`,
    'An interruption that fell into a pause of the story is not counted for silence; windows of 5 ms; vendors simulated.',
    '',
  ];
  process.stdout.write(lines.join('\n'));
  expect(results.map(({ lateSamples }) => lateSamples)).toEqual(results.map(() => 0));
  for (const { duckedMs, silentMs } of results) {
    expect(duckedMs ?? 0).toBeLessThan(GENEROUS_MS);
    expect(silentMs ?? 0).toBeLessThan(GENEROUS_MS);
  }
});
