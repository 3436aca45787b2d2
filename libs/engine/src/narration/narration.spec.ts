import { ProviderError } from '@parley/providers';
import { SILENT_LOGGER, type OutgoingSpeech } from '../ports';
import { FAKE_MS_PER_CHARACTER, FakeNarrator } from '../testing/fake-narrator';
import { pass, settle, startVirtualTime } from '../testing/virtual-time';
import { Narration } from './narration';
import type { NarrationEvent } from './narration-event';
import type { NarrationChoices } from './narration-ports';

const RATE_HZ = 8_000;
const SENTENCE = 'The quick brown fox jumps over the lazy dog and then it rests. ';
const TEXT = SENTENCE.repeat(10);

describe('a live narration', () => {
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
        output: { maxLeadMs: 10_000, play: (piece) => speech.push(piece) },
        emit: (event) => events.push(event),
        clock: { now: () => performance.now() },
        logger: SILENT_LOGGER,
      },
      {
        narrationId: 'narration-1',
        voice: { voiceId: 'clara' },
        model: 'eleven_flash_v2_5',
        schedule: [50, 75, 100, 150],
        sampleRateHz: RATE_HZ,
        maxCharacters: 100_000,
        ...choices,
      },
    );
  }

  const of = <Type extends NarrationEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<NarrationEvent, { type: Type }> => event.type === type);
  const playedMs = (segment?: number): number =>
    speech.filter(({ turn }) => segment === undefined || turn === segment).reduce((ms, { pcm }) => ms + (pcm.length * 1000) / RATE_HZ, 0);
  const aligned = (segment: number): string =>
    of('alignment')
      .filter((event) => event.segment === segment)
      .flatMap(({ alignment }) => alignment.chars)
      .join('');

  it('speaks text while it is still being written', async () => {
    const narration = start();
    for (const word of SENTENCE.split(/(?<= )/)) narration.addText(word);
    narration.addText('More ');
    await settle();
    expect(playedMs()).toBeGreaterThan(0);
    expect(narrator.calls[0].isTextDone).toBe(false);
    narration.cancel();
  });

  it('speaks every character once, whatever the pieces are', async () => {
    const text = TEXT;
    const narration = start();
    for (const character of text) narration.addText(character);
    narration.endText();
    await pass(60_000);
    expect(narrator.textOf(1)).toBe(text);
    expect(aligned(1)).toBe(text);
    expect(playedMs()).toBe(text.length * FAKE_MS_PER_CHARACTER);
    expect(of('ended')).toEqual([{ type: 'ended', reason: 'completed' }]);
    expect(speech.at(-1)).toMatchObject({ turn: 1, last: true });
  });

  it('connects to the vendor before there is text, with the choices', () => {
    const narration = start({ language: 'en', seed: 7, voice: { voiceId: 'ray', settings: { speed: 1.1 } } });
    expect(narrator.calls[0].options).toMatchObject({
      voiceId: 'ray',
      settings: { speed: 1.1 },
      model: 'eleven_flash_v2_5',
      language: 'en',
      seed: 7,
      sampleRateHz: RATE_HZ,
      chunkSchedule: [50, 75, 100, 150],
    });
    narration.cancel();
  });

  it('speaks short text at once after a flush', async () => {
    const narration = start();
    narration.addText('Hi.');
    await settle();
    expect(narrator.textOf(1)).toBe('');
    narration.flush();
    await settle();
    expect(narrator.textOf(1)).toBe('Hi.');
    narration.cancel();
  });

  it('changes the voice in a new segment that is made while the one before is played', async () => {
    const narration = start();
    narration.addText(SENTENCE);
    narration.setVoice({ voiceId: 'ray' });
    narration.addText('And now another voice. ');
    narration.endText();
    await settle();
    expect(narrator.calls.map(({ options }) => options.voiceId)).toEqual(['clara', 'ray']);
    expect(narrator.textOf(2)).toBe('And now another voice. ');
    await pass(20_000);
    expect(aligned(1)).toBe(SENTENCE);
    expect(aligned(2)).toBe('And now another voice. ');
    const turns = speech.map(({ turn }) => turn);
    expect(turns).toEqual([...turns].sort());
    expect(speech.filter(({ last }) => last).map(({ turn }) => turn)).toEqual([1, 2]);
    expect(of('ended')).toHaveLength(1);
  });

  it('begins no segment for a voice that says nothing', async () => {
    const narration = start();
    narration.setVoice({ voiceId: 'ray' });
    narration.setVoice({ voiceId: 'dot' });
    narration.addText('Beep. ');
    narration.setVoice({ voiceId: 'clara' });
    narration.endText();
    await pass(5_000);
    expect(narrator.calls.filter(({ isAborted }) => !isAborted).map(({ options }) => options.voiceId)).toEqual(['dot']);
    expect(new Set(speech.map(({ turn }) => turn))).toEqual(new Set([1]));
    expect(of('ended')).toEqual([{ type: 'ended', reason: 'completed' }]);
  });

  it('plays nothing between pause and resume, and goes on with the next sample', async () => {
    const narration = start();
    narration.addText(TEXT);
    await settle();
    narration.pause();
    const before = playedMs();
    await pass(30_000);
    expect(playedMs()).toBe(before);
    narration.resume();
    narration.endText();
    await pass(60_000);
    expect(playedMs()).toBe(TEXT.length * FAKE_MS_PER_CHARACTER);
    expect(of('paused').map(({ active }) => active)).toEqual([true, false]);
  });

  it('speaks with "auto" the whole words that are held when the listener runs out of audio', async () => {
    const narration = start({ schedule: 'auto' });
    narration.addText('It was late, and nob');
    await pass(3_000);
    expect(narrator.textOf(1)).toBe('It was late, and ');
    narration.addText('ody came. ');
    await pass(3_000);
    expect(narrator.textOf(1)).toBe('It was late, and nobody came. ');
    narration.cancel();
  });

  it('waits with "auto" for more text while the listener has enough audio', async () => {
    const narration = start({ schedule: 'auto' });
    narration.addText(`${SENTENCE.repeat(2)}Then came `);
    await settle();
    expect(narrator.textOf(1)).toBe(SENTENCE.repeat(2));
    await pass(SENTENCE.length * 2 * FAKE_MS_PER_CHARACTER - 1_500);
    expect(narrator.textOf(1)).toBe(SENTENCE.repeat(2));
    await pass(1_500);
    expect(narrator.textOf(1)).toBe(`${SENTENCE.repeat(2)}Then came `);
    narration.cancel();
  });

  it('leaves text that is held alone while the listener has paused', async () => {
    const narration = start({ schedule: 'auto' });
    narration.pause();
    narration.addText('It was late. ');
    await pass(10_000);
    expect(narrator.textOf(1)).toBe('');
    narration.resume();
    await pass(2_000);
    expect(narrator.textOf(1)).toBe('It was late. ');
    narration.cancel();
  });

  it('waits with a fixed schedule until there is enough text', async () => {
    const narration = start();
    narration.addText('It was late. ');
    await pass(20_000);
    expect(narrator.textOf(1)).toBe('');
    narration.cancel();
  });

  it('plays nothing after a cancel, and releases the vendor', async () => {
    const narration = start();
    narration.addText(SENTENCE.repeat(20));
    await settle();
    const before = speech.length;
    narration.cancel();
    narration.cancel();
    narration.addText(SENTENCE);
    narration.resume();
    await pass(20_000);
    expect(speech).toHaveLength(before);
    expect(narrator.calls.every(({ isAborted }) => isAborted)).toBe(true);
    expect(of('ended')).toEqual([{ type: 'ended', reason: 'cancelled' }]);
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'cancelled' });
  });

  it('is made at most about a minute ahead of the listener, with alignment and without', async () => {
    for (const withoutAlignment of [false, true]) {
      narrator = new FakeNarrator();
      narrator.withoutAlignment = withoutAlignment;
      const narration = start();
      for (let piece = 0; piece < 200; piece++) narration.addText(SENTENCE);
      await settle();
      await settle();
      const givenMs = narrator.textOf(1).length * FAKE_MS_PER_CHARACTER;
      expect(givenMs).toBeGreaterThan(60_000);
      expect(givenMs).toBeLessThan(100_000);
      await pass(60_000);
      expect(narrator.textOf(1).length * FAKE_MS_PER_CHARACTER).toBeGreaterThan(givenMs + 50_000);
      narration.cancel();
    }
  });

  it('refuses control characters with their line and column, and goes on', async () => {
    const narration = start();
    expect(narration.addText('One.\nTwo')).toBeUndefined();
    expect(narration.addText(' and \u0007three')).toEqual({
      code: 'invalid_text',
      message: 'Line 2, column 9: this character cannot be spoken (U+0007).',
      line: 2,
      column: 9,
    });
    narration.addText(' and four.');
    narration.endText();
    await pass(10_000);
    expect(narrator.textOf(1)).toBe('One.\nTwo and four.');
  });

  it('refuses text over the limit', () => {
    const narration = start({ maxCharacters: 10 });
    expect(narration.addText('1234567890')).toBeUndefined();
    expect(narration.addText('x')).toMatchObject({ code: 'text_too_long', line: 1, column: 11 });
    narration.cancel();
  });

  it('takes a surrogate pair that is split between two pieces', async () => {
    const narration = start();
    expect(narration.addText('A \ud83d')).toBeUndefined();
    expect(narration.addText('\ude00 face.')).toBeUndefined();
    narration.endText();
    await pass(5_000);
    expect(narrator.textOf(1)).toBe('A 😀 face.');
  });

  it('refuses to end without any text, and nothing is billed', async () => {
    const narration = start();
    narration.addText(' \n ');
    narration.endText();
    await pass(1_000);
    expect(of('refused')).toMatchObject([{ refusal: { code: 'empty_text' } }]);
    expect(of('ended')).toEqual([{ type: 'ended', reason: 'error' }]);
    expect(of('figures').at(-1)?.figures.billedCharacters).toBe(0);
  });

  it('reports a failure of the voice after the speech before it, and is over', async () => {
    const failure = new ProviderError('fake', 'quota', 'used up');
    narrator.beforeSpeech = (_call, piece) => (piece.includes('rests') ? Promise.resolve() : Promise.reject(failure));
    const narration = start();
    narration.addText(SENTENCE);
    narration.addText('Now it breaks.');
    narration.endText();
    await pass(10_000);
    expect(aligned(1)).toBe(SENTENCE);
    expect(of('failed')).toEqual([{ type: 'failed', error: failure }]);
    expect(of('ended')).toEqual([{ type: 'ended', reason: 'error' }]);
  });

  it('tells its figures while they change and at the end', async () => {
    const narration = start();
    narrator.beforeSpeech = () => new Promise((resolve) => setTimeout(resolve, 120));
    narration.addText(TEXT);
    narration.endText();
    await pass(60_000);
    expect(of('figures').length).toBeGreaterThan(1);
    const { figures } = of('figures').at(-1) ?? {};
    expect(figures).toMatchObject({
      characters: TEXT.length,
      billedCharacters: TEXT.length,
      audioMs: TEXT.length * FAKE_MS_PER_CHARACTER,
      chunksSent: narrator.calls[0].pieces.length,
      chunksReceived: narrator.calls[0].pieces.length,
    });
    expect(figures?.ttfbMs).toBeGreaterThanOrEqual(120);
  });
});
