import { type OutgoingSpeech, SILENT_LOGGER } from '../ports';
import { FAKE_MS_PER_CHARACTER, FakeNarrator } from '../testing/fake-narrator';
import { pass, settle, startVirtualTime } from '../testing/virtual-time';
import { Narration } from './narration';
import type { NarrationEvent } from './narration-event';
import type { NarrationChoices } from './narration-ports';

const RATE_HZ = 8_000;
const MAX_LEAD_MS = 10_000;
const SENTENCE = 'The quick brown fox jumps over the lazy dog and then it rests. ';
const SENTENCE_MS = SENTENCE.length * FAKE_MS_PER_CHARACTER;

describe('a live narration whose client misbehaves', () => {
  let narrator: FakeNarrator;
  let events: NarrationEvent[];
  let speech: OutgoingSpeech[];

  beforeEach(() => {
    startVirtualTime();
    narrator = new FakeNarrator();
    events = [];
    speech = [];
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  function start(choices: Partial<NarrationChoices> = {}): Narration {
    return new Narration(
      {
        provider: narrator,
        output: { maxLeadMs: MAX_LEAD_MS, play: (piece) => speech.push(piece) },
        emit: (event) => events.push(event),
        clock: { now: () => performance.now() },
        logger: SILENT_LOGGER,
      },
      {
        narrationId: 'narration-1',
        voice: { voiceId: 'clara' },
        model: 'model',
        schedule: [50],
        sampleRateHz: RATE_HZ,
        maxCharacters: 500_000,
        ...choices,
      },
    );
  }

  const playedMs = (): number => speech.reduce((ms, { pcm }) => ms + (pcm.length * 1000) / RATE_HZ, 0);
  const running = (): number => narrator.calls.filter(({ isAborted, isTextDone }) => !isAborted && !isTextDone).length;

  it('does not connect for each of hundreds of voices that say nothing', async () => {
    const narration = start();
    for (let voice = 0; voice < 500; voice++) {
      narration.setVoice({ voiceId: `voice-${voice}` });
      if (voice % 2 === 0) narration.addText(' ');
    }
    await settle();
    expect(narrator.calls.length).toBeLessThanOrEqual(1);
    narration.addText(SENTENCE);
    await settle();
    expect(narrator.calls.at(-1)?.options.voiceId).toBe('voice-499');
    expect(running()).toBe(1);
    narration.cancel();
  });

  it('connects for a voice as soon as there is text for it, before there is enough to speak', async () => {
    const narration = start();
    narration.addText(SENTENCE);
    narration.setVoice({ voiceId: 'ray' });
    narration.addText('A');
    await settle();
    expect(narrator.calls.map(({ options }) => options.voiceId)).toEqual(['clara', 'ray']);
    narration.cancel();
  });

  it('refuses a change of the voice when hundreds of segments wait, and goes on with the voice before', async () => {
    const narration = start();
    const refusals = Array.from({ length: 1_000 }, (_, index) => {
      narration.addText('Go. ');
      return narration.setVoice({ voiceId: `voice-${index}` });
    });
    expect(refusals.find((refusal) => refusal)).toMatchObject({ code: 'too_many_segments', line: 1 });
    expect(refusals.filter((refusal) => !refusal).length).toBeLessThan(600);
    await settle();
    expect(running()).toBeLessThanOrEqual(2);
    narration.endText();
    await pass(1_000 * 4 * FAKE_MS_PER_CHARACTER + 5_000);
    expect(playedMs()).toBe(1_000 * 4 * FAKE_MS_PER_CHARACTER);
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'completed' });
  });

  it('sends no further ahead when there are many short segments', async () => {
    const narration = start();
    for (let segment = 0; segment < 20; segment++) {
      narration.addText(SENTENCE);
      narration.setVoice({ voiceId: `voice-${segment}` });
    }
    await pass(200);
    expect(playedMs()).toBeLessThanOrEqual(MAX_LEAD_MS + 1_000);
    await pass(5_000);
    expect(playedMs()).toBeLessThanOrEqual(MAX_LEAD_MS + 6_000);
    narration.endText();
    await pass(20 * SENTENCE_MS);
    expect(playedMs()).toBe(20 * SENTENCE_MS);
  });

  it('knows over several segments what the listener has heard', async () => {
    const narration = start();
    for (let segment = 0; segment < 20; segment++) {
      narration.addText(SENTENCE);
      narration.setVoice({ voiceId: `voice-${segment}` });
    }
    await settle();
    // The listener has stopped after one second of the second segment.
    for (let second = 0; second < 30; second++) {
      narration.reportPlayback({ turn: 2, event: 'progress', playedMs: 1_000 });
      await pass(1_000);
    }
    expect(playedMs()).toBeLessThanOrEqual(SENTENCE_MS + 1_000 + MAX_LEAD_MS + 2_000);
    narration.cancel();
  });

  it.each([
    ['has heard everything', 1, 1e12],
    ['has heard a segment that does not exist', 7, 1e12],
    ['has heard nothing', 1, 0],
  ])('is never far ahead of a listener who always says that it %s', async (_, turn, played) => {
    const narration = start();
    for (let piece = 0; piece < 50; piece++) narration.addText(SENTENCE);
    for (let step = 0; step < 100; step++) {
      narration.reportPlayback({ turn, event: 'progress', playedMs: played });
      await pass(100);
    }
    expect(playedMs()).toBeLessThanOrEqual(MAX_LEAD_MS + 10_000 + 1_000);
    narration.cancel();
  });

  it('holds a bounded amount of speech for a listener who pauses for ever', async () => {
    const narration = start();
    narration.pause();
    for (let piece = 0; piece < 1_000; piece++) narration.addText(SENTENCE);
    await pass(10_000);
    expect(narrator.textOf(1).length * FAKE_MS_PER_CHARACTER).toBeLessThan(100_000);
    expect(running()).toBe(1);
    narration.cancel();
  });

  it('speaks everything when each character is flushed', async () => {
    const narration = start();
    for (const character of SENTENCE.repeat(20)) {
      narration.addText(character);
      narration.flush();
      narration.flush();
    }
    narration.endText();
    await pass(20 * SENTENCE_MS + 5_000);
    expect(narrator.textOf(1)).toBe(SENTENCE.repeat(20));
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'completed' });
  });

  it('refuses text and another voice after the end of the text', async () => {
    const narration = start();
    narration.addText('One.\nTwo.');
    narration.endText();
    expect(narration.addText('Three.')).toMatchObject({ code: 'text_ended', line: 2, column: 5 });
    expect(narration.setVoice({ voiceId: 'ray' })).toMatchObject({ code: 'text_ended' });
    narration.flush();
    await pass(5_000);
    expect(narrator.textOf(1)).toBe('One.\nTwo.');
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'completed' });
  });
});
