import { ProviderError } from '@parley/providers';
import { type OutgoingSpeech, SILENT_LOGGER } from '../ports';
import { FakeAudioCache } from '../testing/fake-audio-cache';
import { FAKE_MS_PER_CHARACTER, FakeNarrator } from '../testing/fake-narrator';
import { pass, settle, startVirtualTime } from '../testing/virtual-time';
import { Narration } from './narration';
import type { NarrationEvent, NarrationFigures } from './narration-event';
import type { NarrationChoices } from './narration-ports';

const RATE_HZ = 8_000;
const ONE = 'The quick brown fox jumps over the lazy dog and then it rests. ';
const TWO = 'Nobody knows why it does so, since there is nothing behind the dog at all. ';
const THREE = 'Some say that it only wants to be seen by the other animals. ';

/** One narration to its end, or as far as the test goes. */
class Listener {
  readonly narrator: FakeNarrator;
  readonly events: NarrationEvent[] = [];
  readonly speech: OutgoingSpeech[] = [];
  readonly narration: Narration;

  constructor(cache: FakeAudioCache, choices: Partial<NarrationChoices> = {}, narrator = new FakeNarrator()) {
    this.narrator = narrator;
    this.narration = new Narration(
      {
        provider: narrator,
        cache,
        output: { maxLeadMs: 10_000, play: (piece) => this.speech.push(piece) },
        emit: (event) => this.events.push(event),
        clock: { now: () => performance.now() },
        logger: SILENT_LOGGER,
      },
      {
        narrationId: 'narration-1',
        voice: { voiceId: 'clara' },
        model: 'model',
        schedule: [50],
        sampleRateHz: RATE_HZ,
        maxCharacters: 100_000,
        ...choices,
      },
    );
  }

  static async hears(cache: FakeAudioCache, texts: readonly string[], choices: Partial<NarrationChoices> = {}): Promise<Listener> {
    const listener = new Listener(cache, choices);
    for (const text of texts) listener.narration.addText(text);
    listener.narration.endText();
    await pass(40_000);
    return listener;
  }

  get figures(): NarrationFigures | undefined {
    return this.events.flatMap((event) => (event.type === 'figures' ? [event.figures] : [])).at(-1);
  }

  get told(): { char: string; startMs: number }[] {
    return this.events.flatMap((event) =>
      event.type === 'alignment' ? event.alignment.chars.map((char, index) => ({ char, startMs: event.alignment.startMs[index] })) : [],
    );
  }

  get text(): string {
    return this.told.map(({ char }) => char).join('');
  }

  get playedMs(): number {
    return this.speech.reduce((ms, { pcm }) => ms + (pcm.length * 1000) / RATE_HZ, 0);
  }
}

describe('a live narration with an audio cache', () => {
  let cache: FakeAudioCache;
  beforeEach(() => {
    startVirtualTime();
    cache = new FakeAudioCache();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('speaks what was spoken before without giving the vendor any text', async () => {
    await Listener.hears(cache, [ONE, TWO]);
    const again = await Listener.hears(cache, [ONE, TWO]);
    expect(again.narrator.calls.flatMap(({ pieces }) => pieces)).toEqual([]);
    expect(again.figures).toMatchObject({ cacheHits: 2, chunksSent: 0, billedCharacters: 0 });
    expect(again.text).toBe(ONE + TWO);
    expect(again.told.map(({ startMs }) => Math.round(startMs))).toEqual(
      (ONE + TWO).split('').map((_, index) => index * FAKE_MS_PER_CHARACTER),
    );
    expect(again.playedMs).toBe((ONE + TWO).length * FAKE_MS_PER_CHARACTER);
    expect(again.speech.at(-1)?.last).toBe(true);
    expect(again.events.at(-1)).toEqual({ type: 'ended', reason: 'completed' });
  });

  it('gives the vendor what follows the first chunk that was not spoken before, with the times of the whole', async () => {
    await Listener.hears(cache, [ONE, TWO]);
    const other = await Listener.hears(cache, [ONE, THREE, TWO]);
    expect(other.narrator.calls.map(({ pieces }) => pieces.join(''))).toEqual([THREE + TWO]);
    expect(other.figures).toMatchObject({ cacheHits: 1, billedCharacters: (THREE + TWO).length });
    expect(other.text).toBe(ONE + THREE + TWO);
    expect(other.told.map(({ startMs }) => Math.round(startMs))).toEqual(
      (ONE + THREE + TWO).split('').map((_, index) => index * FAKE_MS_PER_CHARACTER),
    );
    const whole = await Listener.hears(cache, [ONE, THREE, TWO]);
    expect(whole.figures).toMatchObject({ cacheHits: 3, billedCharacters: 0 });
  });

  it.each<[string, Partial<NarrationChoices>]>([
    ['another voice', { voice: { voiceId: 'ray' } }],
    ['other settings', { voice: { voiceId: 'clara', settings: { speed: 1.1 } } }],
    ['another model', { model: 'other' }],
    ['another language', { language: 'en' }],
    ['another seed', { seed: 7 }],
    ['another rate', { sampleRateHz: 16_000 }],
  ])('asks the vendor for %s', async (_, choices) => {
    await Listener.hears(cache, [ONE]);
    const other = await Listener.hears(cache, [ONE], choices);
    expect(other.figures).toMatchObject({ cacheHits: 0, billedCharacters: ONE.length });
  });

  it('asks the vendor for the same sentence after another one', async () => {
    await Listener.hears(cache, [ONE, TWO]);
    const other = await Listener.hears(cache, [TWO]);
    expect(other.figures?.cacheHits).toBe(0);
  });

  it('connects before there is text, and again if that connection was lost while all came from the cache', async () => {
    await Listener.hears(cache, [ONE]);
    const narrator = new FakeNarrator();
    const speak = narrator.narrate.bind(narrator);
    let calls = 0;
    narrator.narrate = async function* (...args) {
      calls += 1;
      if (calls > 1) yield* speak(...args);
      else throw new ProviderError('fake', 'connection_lost', 'lost');
    };
    const listener = new Listener(cache, {}, narrator);
    expect(calls).toBe(1);
    await settle();
    listener.narration.addText(ONE);
    listener.narration.addText(TWO);
    listener.narration.endText();
    await pass(20_000);
    expect(calls).toBe(2);
    expect(listener.text).toBe(ONE + TWO);
    expect(listener.events.at(-1)).toEqual({ type: 'ended', reason: 'completed' });
  });

  it('needs no vendor for what was spoken before', async () => {
    await Listener.hears(cache, [ONE]);
    const narrator = new FakeNarrator();
    // eslint-disable-next-line require-yield -- it fails before it has spoken
    narrator.narrate = async function* () {
      await settle();
      throw new ProviderError('fake', 'unavailable', 'down');
    };
    const listener = new Listener(cache, {}, narrator);
    listener.narration.addText(ONE);
    listener.narration.endText();
    await pass(20_000);
    expect(listener.text).toBe(ONE);
    expect(listener.events.at(-1)).toEqual({ type: 'ended', reason: 'completed' });
  });

  it('keeps nothing of a chunk that was cancelled, but the chunks before it', async () => {
    const listener = new Listener(cache);
    listener.narrator.beforeSpeech = (_, piece) => (piece === THREE ? new Promise(() => undefined) : Promise.resolve());
    for (const text of [ONE, TWO, THREE]) listener.narration.addText(text);
    await pass(1_000);
    listener.narration.cancel();
    await settle();
    // The end of the second chunk is known only when the third one begins.
    expect(cache.texts).toEqual([ONE]);
  });

  it('keeps nothing of a chunk that failed', async () => {
    const listener = new Listener(cache);
    listener.narrator.beforeSpeech = (_, piece) =>
      piece === TWO ? Promise.reject(new ProviderError('fake', 'quota', 'used up')) : Promise.resolve();
    for (const text of [ONE, TWO]) listener.narration.addText(text);
    listener.narration.endText();
    await pass(20_000);
    expect(cache.texts).toEqual([]);
    expect(listener.events.at(-1)).toEqual({ type: 'ended', reason: 'error' });
  });

  it('keeps nothing where the voice does not tell its times', async () => {
    const listener = new Listener(cache);
    listener.narrator.withoutAlignment = true;
    for (const text of [ONE, TWO]) listener.narration.addText(text);
    listener.narration.endText();
    await pass(20_000);
    expect(cache.texts).toEqual([]);
    expect(listener.events.at(-1)).toEqual({ type: 'ended', reason: 'completed' });
  });

  it('ends at once when it is cancelled while it waits for the cache', async () => {
    cache.beforeAnswer = () => new Promise(() => undefined);
    const listener = new Listener(cache);
    listener.narration.addText(ONE);
    await settle();
    listener.narration.cancel();
    await settle();
    expect(listener.events.at(-1)).toEqual({ type: 'ended', reason: 'cancelled' });
    expect(listener.narrator.calls.every(({ pieces }) => pieces.length === 0)).toBe(true);
  });

  it('tells the white space at the end of what came from the cache', async () => {
    await Listener.hears(cache, [ONE]);
    const listener = new Listener(cache);
    listener.narration.addText(ONE);
    listener.narration.addText(' \n');
    listener.narration.endText();
    await pass(20_000);
    expect(listener.text).toBe(`${ONE} \n`);
    expect(listener.figures).toMatchObject({ cacheHits: 1, billedCharacters: 0 });
  });

  it('caches each segment on its own', async () => {
    const speak = async (): Promise<Listener> => {
      const listener = new Listener(cache);
      listener.narration.addText(ONE);
      listener.narration.setVoice({ voiceId: 'ray' });
      listener.narration.addText(TWO);
      listener.narration.endText();
      await pass(20_000);
      return listener;
    };
    await speak();
    const again = await speak();
    expect(again.figures).toMatchObject({ cacheHits: 2, billedCharacters: 0 });
    expect(again.text).toBe(ONE + TWO);
  });
});
