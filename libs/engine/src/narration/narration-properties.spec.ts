import * as fc from 'fast-check';
import { type OutgoingSpeech, SILENT_LOGGER } from '../ports';
import { FakeAudioCache } from '../testing/fake-audio-cache';
import { FAKE_MS_PER_CHARACTER, FakeNarrator } from '../testing/fake-narrator';
import { pass, startVirtualTime } from '../testing/virtual-time';
import { Narration } from './narration';
import type { NarrationEvent } from './narration-event';

const RATE_HZ = 8_000;
const SEED = 20_261_130;

type Act =
  | { type: 'text'; text: string }
  | { type: 'voice'; voiceId: string }
  | { type: 'wait'; ms: number }
  | { type: 'flush' | 'pause' | 'resume' | 'endText' | 'cancel' };

const acts = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ type: fc.constant('text' as const), text: fc.lorem({ maxCount: 12 }).map((text) => `${text} `) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('voice' as const), voiceId: fc.constantFrom('clara', 'ray', 'dot') }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('flush' as const, 'pause' as const, 'resume' as const) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('endText' as const, 'cancel' as const) }) },
  ),
  { maxLength: 30 },
);

/** Everything that comes out of a narration, in order. */
type Told = { event: NarrationEvent } | { speech: OutgoingSpeech };

async function narrate(
  script: readonly Act[],
  cache: FakeAudioCache,
): Promise<{ told: Told[]; narrator: FakeNarrator; given: string; ends: 'completed' | 'cancelled' | 'error' }> {
  const told: Told[] = [];
  const narrator = new FakeNarrator();
  const narration = new Narration(
    {
      provider: narrator,
      cache,
      output: { maxLeadMs: 2_000, play: (speech) => told.push({ speech }) },
      emit: (event) => told.push({ event }),
      clock: { now: () => performance.now() },
      logger: SILENT_LOGGER,
    },
    {
      narrationId: 'narration-1',
      voice: { voiceId: 'clara' },
      model: 'model',
      schedule: 'auto',
      sampleRateHz: RATE_HZ,
      maxCharacters: 100_000,
    },
  );
  let given = '';
  let isTextOver = false;
  let isCancelled = false;
  for (const act of [...script, { type: 'resume' as const }, { type: 'endText' as const }]) {
    switch (act.type) {
      case 'text':
        narration.addText(act.text);
        if (!isTextOver) given += act.text;
        break;
      case 'voice':
        narration.setVoice({ voiceId: act.voiceId });
        break;
      case 'wait':
        await pass(act.ms);
        break;
      case 'cancel':
        // A narration that is complete before this ends as it would without it.
        if (!told.some((item) => 'event' in item && item.event.type === 'ended')) isCancelled = true;
        isTextOver = true;
        narration.cancel();
        break;
      case 'endText':
        isTextOver = true;
        narration.endText();
        break;
      default:
        narration[act.type]();
    }
  }
  await pass(given.length * FAKE_MS_PER_CHARACTER + 5_000);
  return { told, narrator, given, ends: isCancelled ? 'cancelled' : given.trim() === '' ? 'error' : 'completed' };
}

function checkNarration({ told, narrator, given, ends }: Awaited<ReturnType<typeof narrate>>): void {
  const ended = told.flatMap((item) => ('event' in item && item.event.type === 'ended' ? [item.event.reason] : []));
  expect(ended).toEqual([ends]);
  expect(told.at(-1)).toEqual({ event: { type: 'ended', reason: ends } });

  const chars = told.flatMap((item) => ('event' in item && item.event.type === 'alignment' ? item.event.alignment.chars : [])).join('');
  expect(given.startsWith(chars)).toBe(true);
  const speech = told.flatMap((item) => ('speech' in item ? [item.speech] : []));
  const playedMs = speech.reduce((ms, { pcm }) => ms + (pcm.length * 1000) / RATE_HZ, 0);
  if (ends === 'completed') {
    expect(chars).toBe(given);
    expect(playedMs).toBe(given.length * FAKE_MS_PER_CHARACTER);
  }
  const turns = speech.map(({ turn }) => turn);
  expect(turns).toEqual([...turns].sort((one, other) => one - other));
  expect(narrator.calls.every(({ isAborted, isTextDone }) => isAborted || isTextDone)).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
}

describe('any live narration', () => {
  beforeEach(() => startVirtualTime());
  afterEach(() => jest.useRealTimers());

  it('ends exactly once, plays nothing afterwards, speaks each character once and in order, and releases everything', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (script) => {
        const cache = new FakeAudioCache();
        checkNarration(await narrate(script, cache));
        // Now much of it comes from the cache.
        checkNarration(await narrate(script, cache));
      }),
      { seed: SEED, numRuns: 60 },
    );
  });
});
