import { type Simulator, startSimulator } from '@parley/simulator';
import { LengthRecogniser } from './support/length-recogniser';
import { speechMs } from './support/listening';
import { LowToneSynthesiser } from './support/low-tone-synthesiser';
import { asPlayed } from './support/recording';
import { StutteringConnection } from './support/stuttering-connection';
import { expect, note, test } from './support/test';

/** The shortest fade from full volume to silence, in ms. */
const FADE_MS = 5;

let vendors: Simulator;

test.beforeEach(async () => {
  vendors = await startSimulator({ recogniser: new LengthRecogniser('okay', 'tell me a joke'), synthesiser: new LowToneSynthesiser() });
});

test.afterEach(() => vendors.close());

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const largestStep = (samples: Float32Array): number => largest(samples.map((sample, i) => (i === 0 ? 0 : sample - samples[i - 1])));

test('the voice has no hard edge on a stuttering connection, after Stop and when the connection breaks', async ({
  openTab,
  startServer,
}) => {
  test.setTimeout(120_000);
  const server = await startServer({ ELEVENLABS_BASE_URL: vendors.urls.elevenLabs, ELEVENLABS_API_KEY: 'any' });
  const tab = await openTab({ server, keepsSamples: true });
  const connection = await StutteringConnection.install(tab.page);
  await tab.start();

  await tab.type('tell me a joke');
  await tab.reaches('AI_SPEAKING');
  await tab.reaches('USER_SPEAKING', 30_000);
  const joke = connection.speechOf(1);
  const ended = connection.reports.filter(({ turn, event }) => turn === 1 && event === 'ended');
  expect(ended).toHaveLength(1);
  expect(Math.abs(ended[0].played_ms - speechMs(joke)), 'all of it was played, and reported').toBeLessThan(10);
  const gaps = Number(/Gaps heard in playback: (\d+)/.exec((await tab.metrics.textContent()) ?? '')?.[1] ?? 0);
  note('gaps in the joke', String(gaps));
  expect(gaps).toBeGreaterThanOrEqual(2);

  const beforeStopMs = (await tab.blocks()).at(-1)?.atMs;
  await tab.type('tell me a long story');
  await tab.isHeardFor(1_000, beforeStopMs);
  await tab.control('stop').click();
  await tab.reaches('USER_SPEAKING');

  const beforeBreakMs = (await tab.blocks()).at(-1)?.atMs;
  await tab.type('tell me a long story');
  // On its way is first what had been sent of the story that was stopped: up to ten seconds, which take this connection sixteen.
  await tab.isHeardFor(1_000, beforeBreakMs, 40_000);
  await connection.cut();
  await expect(tab.state).toHaveText('Reconnecting');
  await tab.reaches('USER_SPEAKING');
  await tab.hasListenedUntil(((await tab.blocks()).at(-1)?.atMs ?? 0) + 200);

  const { samples, rateHz } = await tab.samples('played');
  const tone = asPlayed(joke, rateHz);
  const volume = largest(tone);
  const fadeStep = (1.2 * volume * 1000) / (FADE_MS * rateHz);
  const ownStep = largestStep(tone);
  note('largest step, the tone’s own', `${largestStep(samples).toFixed(4)}, ${ownStep.toFixed(4)}`);
  expect(volume).toBeGreaterThan(0.05);
  expect(largestStep(samples)).toBeLessThan(ownStep + fadeStep);
});
