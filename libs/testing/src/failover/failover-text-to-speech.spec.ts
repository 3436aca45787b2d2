import { AsyncQueue, FailoverTextToSpeech, type ProviderErrorCode, type SpeechChunk, type TtsSession } from '@parley/providers';
import { FakeTextToSpeech, type FakeSpeechScript } from '../lib/fake-text-to-speech';
import { failoverOf, pass, reading, settle, startVirtualTime } from './composite';

const never = () => new AbortController().signal;
const RATE_HZ = 8_000;
const SENTENCES = ['It is three.', 'Or four.'];

/** 60 ms a character, 120 ms a chunk: two characters each. */
const fakeVoice = (...scripts: (FakeSpeechScript | 'manual')[]): FakeTextToSpeech =>
  new FakeTextToSpeech({
    script: (index) => {
      const script = scripts[Math.min(index, scripts.length - 1)] ?? {};
      return script === 'manual' ? script : { chunkMs: 120, ...script };
    },
  });

const fails = (code: ProviderErrorCode, afterChunks: number): FakeSpeechScript => ({ failure: { code, afterChunks } });

const given = ({ speeches }: FakeTextToSpeech): string[][] => speeches.map(({ sentences }) => sentences);
const durationMs = (chunks: readonly SpeechChunk[]): number => chunks.reduce((sum, { pcm }) => sum + (pcm.length * 1000) / RATE_HZ, 0);

/** The text that was voiced, and whether each character's time lies within its chunk. */
function voiced(chunks: readonly SpeechChunk[]): { text: string; isInTime: boolean } {
  let text = '';
  let atMs = 0;
  let isInTime = true;
  for (const chunk of chunks) {
    const untilMs = atMs + durationMs([chunk]);
    chunk.alignment?.chars.forEach((char, index) => {
      text += char;
      const startMs = chunk.alignment?.startMs[index] ?? NaN;
      isInTime &&= startMs >= atMs - 1 && startMs < untilMs;
    });
    atMs = untilMs;
  }
  return { text, isInTime };
}

describe('FailoverTextToSpeech', () => {
  const sessions: TtsSession[] = [];
  beforeEach(() => startVirtualTime());
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  function open(...voices: [FakeTextToSpeech, ...FakeTextToSpeech[]]) {
    const options = failoverOf(...voices);
    const session = new FailoverTextToSpeech(options).open({ sampleRateHz: RATE_HZ }, never());
    sessions.push(session);
    return { session, options };
  }

  function textOf(...sentences: string[]): AsyncQueue<string> {
    const text = new AsyncQueue<string>();
    for (const sentence of sentences) text.push(sentence);
    return text;
  }

  async function speak(...voices: [FakeTextToSpeech, ...FakeTextToSpeech[]]) {
    const { session, options } = open(...voices);
    const text = textOf(...SENTENCES);
    text.end();
    const { items, done } = reading(session.speak(text, never()));
    await pass(400);
    return { ...voiced(items), items, error: await done, options };
  }

  it.each<[ProviderErrorCode, number]>([
    ['auth', 1],
    ['quota', 1],
    ['model_not_found', 1],
    ['invalid_request', 1],
    ['rate_limited', 1],
    ['unavailable', 2],
    ['connection_lost', 2],
    ['timeout', 2],
    ['bad_response', 2],
  ])('after %s before the first sound asks %i times, and then the next voice', async (code, asked) => {
    const [first, second] = [fakeVoice(fails(code, 0)), fakeVoice()];
    const result = await speak(first, second);
    expect(result).toMatchObject({ error: undefined, text: 'It is three.Or four.', isInTime: true });
    expect(first.speeches).toHaveLength(asked);
    expect(given(second)).toEqual([SENTENCES]);
    expect(result.options.switches).toEqual([{ from: 'first', to: 'second', code }]);
  });

  it.each<[afterChunks: number, next: string[], text: string]>([
    [1, ['is three.', 'Or four.'], 'Itis three.Or four.'],
    [2, ['is three.', 'Or four.'], 'It iis three.Or four.'],
    [4, ['three.', 'Or four.'], 'It is ththree.Or four.'],
    [6, ['Or four.'], 'It is three.Or four.'],
    [7, ['four.'], 'It is three.Orfour.'],
    [9, ['four.'], 'It is three.Or foufour.'],
  ])('when broken off after %i chunks, continues with the next voice after the last complete word', async (afterChunks, next, text) => {
    const [first, second] = [fakeVoice(fails('quota', afterChunks)), fakeVoice()];
    const result = await speak(first, second);
    expect(result).toMatchObject({ error: undefined, text, isInTime: true });
    expect(given(second)).toEqual([next]);
    expect(durationMs(result.items)).toBeCloseTo(60 * text.length, 0);
  });

  it('is complete when only the end of the stream is lost', async () => {
    const [first, second] = [fakeVoice('manual'), fakeVoice()];
    const { session } = open(first, second);
    const text = textOf('It is.');
    text.end();
    const { items, done } = reading(session.speak(text, never()));
    await settle();
    first.speeches[0]?.chunk(360, { chars: [...'It is.'], startMs: [0, 60, 120, 180, 240, 300], durationMs: Array<number>(6).fill(60) });
    first.speeches[0]?.fail('connection_lost');
    expect(await done).toBeUndefined();
    expect([durationMs(items), second.speeches.length]).toEqual([360, 0]);
  });

  it('waits for more text before it asks the next voice, and does not count that time', async () => {
    const [first, second] = [fakeVoice(fails('quota', 6)), fakeVoice()];
    const { session } = open(first, second);
    const text = textOf('It is three.');
    const { items, done } = reading(session.speak(text, never()));
    await pass(30_000);
    text.push('Or four.');
    await settle();
    text.push('Or five.');
    text.end();
    expect(await done).toBeUndefined();
    expect(voiced(items)).toEqual({ text: 'It is three.Or four.Or five.', isInTime: true });
    expect(given(second)).toEqual([['Or four.', 'Or five.']]);
  });

  it('continues also when the adapter says that the failure must not be retried', async () => {
    const first = fakeVoice(fails('connection_lost', 3), {});
    const result = await speak(first);
    expect(result.error).toBeUndefined();
    expect(given(first)).toEqual([['It is three.'], ['three.', 'Or four.']]);
  });

  it('continues with the next sentence when the voice gives no alignment', async () => {
    const [first, second] = [fakeVoice('manual'), fakeVoice()];
    const { session } = open(first, second);
    const text = textOf(...SENTENCES, 'Or five.');
    text.end();
    const { done } = reading(session.speak(text, never()));
    await settle();
    first.speeches[0]?.chunk(300);
    await settle();
    first.speeches[0]?.fail('quota');
    expect(await done).toBeUndefined();
    expect(given(second)).toEqual([['Or four.', 'Or five.']]);
  });

  it('reports that the end may be missing when the voice gives no alignment', async () => {
    const [first, second] = [fakeVoice('manual'), fakeVoice()];
    const { session } = open(first, second);
    const text = textOf('It is three.');
    text.end();
    const { done } = reading(session.speak(text, never()));
    await settle();
    first.speeches[0]?.chunk(300);
    await settle();
    first.speeches[0]?.fail('quota');
    expect(await done).toMatchObject({ code: 'quota' });
    expect(second.speeches).toHaveLength(0);
  });

  it('throws the first voice’s failure when all have failed, and keeps what was said', async () => {
    const result = await speak(fakeVoice(fails('quota', 2)), fakeVoice(fails('unavailable', 2)));
    expect(result.error).toMatchObject({ code: 'quota' });
    expect(result.text).toBe('It iis tthre');
  });

  it.each([0, 3, 6])('switches to the next voice when one hangs after %i chunks', async (stallAfterChunks) => {
    const [first, second] = [fakeVoice({ stallAfterChunks }), fakeVoice({ firstChunkMs: 5_000 })];
    const { session } = open(first, second);
    const text = textOf(...SENTENCES);
    text.end();
    const { items, done } = reading(session.speak(text, never()));
    await pass(5_900);
    expect(second.speeches).toHaveLength(0);
    await pass(200);
    expect([first.openSpeeches, second.openSpeeches]).toEqual([0, 1]);
    await pass(5_000);
    expect(await done).toBeUndefined();
    expect(voiced(items).text).toMatch(/Or four\.$/);
  });

  it('does not mistake slow text for a voice that hangs', async () => {
    const [first, second] = [fakeVoice(), fakeVoice()];
    const { session } = open(first, second);
    const text = textOf('It is three.');
    const { items, done } = reading(session.speak(text, never()));
    await pass(60_000);
    text.push('Or four.');
    text.end();
    expect(await done).toBeUndefined();
    expect([voiced(items).text, second.speeches.length]).toEqual(['It is three.Or four.', 0]);
  });

  it('opens a fallback’s connection only when needed, and closes it when the first works again', async () => {
    const [first, second] = [fakeVoice(fails('unavailable', 0), fails('unavailable', 0), {}), fakeVoice()];
    const { session } = open(first, second);
    expect([first.openSessions, second.openSessions]).toEqual([1, 0]);
    for (const expected of [1, 0]) {
      const text = textOf('It is three.');
      text.end();
      expect(await reading(session.speak(text, never())).done).toBeUndefined();
      expect([first.openSessions, second.openSessions]).toEqual([1, expected]);
    }
  });

  it('lists the first provider’s voices, and prepares all providers', async () => {
    const [first, second] = [new FakeTextToSpeech({ voices: [{ id: 'a', name: 'A' }] }), new FakeTextToSpeech()];
    const prepare = jest.spyOn(second, 'prepare');
    const tts = new FailoverTextToSpeech(failoverOf(first, second));
    expect(await tts.voices(never())).toEqual([{ id: 'a', name: 'A' }]);
    await tts.prepare();
    expect(prepare).toHaveBeenCalledTimes(1);
  });
});
