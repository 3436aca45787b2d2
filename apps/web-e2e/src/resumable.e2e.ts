import { type Simulator, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { LengthRecogniser } from './support/length-recogniser';
import { durationMs } from './support/listening';
import { asPlayed, follow } from './support/recording';
import { expect, note, test } from './support/test';

/** The protocol's longest pause is about a second. */
const LONGEST_STANDSTILL_MS = 1_300;

let vendors: Simulator;

test.beforeEach(async () => {
  const recogniser = new LengthRecogniser('okay', 'wait i want to ask something else');
  vendors = await startSimulator({ recogniser, synthesiser: new ToneSynthesiser() });
});

test.afterEach(() => vendors.close());

test('with resumable interruptions, a back-channel only pauses the assistant, and a real interruption stops it', async ({
  openTab,
  startServer,
}) => {
  const server = await startServer({ INTERRUPTION_MODE: 'resumable', SARVAM_BASE_URL: vendors.urls.sarvam, SARVAM_API_KEY: 'any' });
  const tab = await openTab({ server, microphone: 'listener', keepsSamples: true });
  await tab.start();
  await tab.type('tell me a long story');
  await expect(tab.said('assistant', 1)).toHaveAttribute('data-interrupted', 'true', { timeout: 25_000 });
  await expect(tab.said('user', 2)).toContainText('else', { ignoreCase: true });
  await tab.reaches('AI_SPEAKING');
  await tab.reaches('USER_SPEAKING');

  const spoken = await tab.spoken();
  const voice = spoken[spoken.length - 1];
  expect(spoken, 'three agreements and an interruption').toHaveLength(4);
  expect(tab.wire.of('interruption')).toEqual([{ type: 'interruption', turn: 1, reason: 'speech' }]);

  // What was heard of the story is what was sent of it, to the sample: up to the moment at which the visitor interrupted.
  const heard = await tab.samples('played');
  const { offset, followed, standstills } = follow(heard, asPlayed(tab.wire.speechOf(1), heard.rateHz));
  const stoodStillMs = standstills.reduce((sum, standstill) => sum + standstill.durationMs, 0);
  const followedUntilMs = heard.startMs + ((offset + followed) * 1000) / heard.rateHz + stoodStillMs;
  note(
    'agreed at',
    spoken
      .slice(0, 3)
      .map(({ startMs }) => Math.round(startMs))
      .join(', '),
  );
  note('stood still for', standstills.map((standstill) => `${Math.round(standstill.durationMs)} ms`).join(', '));
  note('followed until, after the interrupting voice began', `${Math.round(followedUntilMs - voice.startMs)} ms`);
  expect(followedUntilMs).toBeGreaterThan(voice.startMs - 20);
  // The shortest back-channel may end before it counts as an interruption.
  expect(standstills.length).toBeGreaterThanOrEqual(2);
  for (const standstill of standstills) expect(standstill.durationMs).toBeLessThan(LONGEST_STANDSTILL_MS);
  const pauses = tab.wire.of('pause');
  expect(pauses.filter(({ active }) => !active)).toHaveLength(standstills.length);
  expect(pauses.filter(({ active }) => active)).toHaveLength(standstills.length + 1);

  const silentAfterMs = ((await tab.heard()).find(({ endMs }) => endMs > voice.startMs)?.endMs ?? Number.NaN) - voice.startMs;
  note('voice to silence', `${Math.round(silentAfterMs)} ms`);
  expect(silentAfterMs).toBeLessThan(1_000);
  expect(durationMs(voice)).toBeGreaterThan(1_000);
});
