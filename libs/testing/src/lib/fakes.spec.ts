import { AsyncQueue, type LlmEvent, type SpeechChunk, type Transcript } from '@parley/providers';
import { FakeLanguageModel } from './fake-language-model';
import { FakeSpeechToText } from './fake-speech-to-text';
import { FakeTextToSpeech } from './fake-text-to-speech';
import { ManualClock } from './manual-clock';

const never = () => new AbortController().signal;
const REQUEST = { messages: [{ role: 'user', content: 'hi' }] } as const;

/** Reads on in the background, so that a test can look at what has come so far. */
function reading<T>(stream: AsyncIterable<T>): { items: T[]; done: Promise<void> } {
  const items: T[] = [];
  const done = (async () => {
    for await (const item of stream) items.push(item);
  })();
  return { items, done };
}

describe('FakeSpeechToText', () => {
  it('times partials by the audio and the final by the clock', async () => {
    const clock = new ManualClock();
    const stt = new FakeSpeechToText({ clock, script: () => ({ text: 'one two three', wordMs: 100, finalDelayMs: 300 }) });
    const utterance = stt.open({}, never()).utterance(never());
    const { items, done } = reading<Transcript>(utterance.transcripts);
    utterance.push(new Int16Array(1_600));
    utterance.push(new Int16Array(1_600));
    utterance.end();
    await clock.advance(299);
    expect(items).toEqual([
      { text: 'one', isFinal: false },
      { text: 'one two', isFinal: false },
    ]);
    await clock.advance(1);
    await done;
    expect(items.at(-1)).toEqual({ text: 'one two three', isFinal: true });
    expect([utterance.audioMs, utterance.isEnded, utterance.outcome, stt.openUtterances]).toEqual([200, true, 'finished', 0]);
  });

  it('can be driven by the test step by step', async () => {
    const stt = new FakeSpeechToText({ script: () => 'manual' });
    const session = stt.open({ language: 'hi-IN' }, never());
    const first = session.utterance(never());
    const { items, done } = reading(first.transcripts);
    first.push(new Int16Array(320));
    first.partial('na');
    first.final('namaste');
    await done;
    expect(items.map(({ text }) => text)).toEqual(['na', 'namaste']);
    const second = session.utterance(never());
    second.fail('quota');
    await expect(reading(second.transcripts).done).rejects.toMatchObject({ provider: 'fake', code: 'quota', retryable: false });
    expect([first.outcome, second.outcome, session.options.language, stt.openSessions]).toEqual(['finished', 'failed', 'hi-IN', 1]);
    await session.close();
    expect(stt.openSessions).toBe(0);
  });

  it('stalls until it is aborted, and leaves no callback on the clock', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const stt = new FakeSpeechToText({ clock, script: (index) => ({ text: 'x', stalls: index === 0, finalDelayMs: 100 }) });
    const session = stt.open({}, never());
    for (const stalls of [true, false]) {
      const utterance = session.utterance(controller.signal);
      const { items, done } = reading(utterance.transcripts);
      utterance.push(new Int16Array(320));
      utterance.end();
      await clock.advance(stalls ? 60_000 : 50);
      expect(items).toEqual([]);
      if (stalls) utterance.cancel();
      else controller.abort();
      await done;
      expect([utterance.outcome, clock.pending]).toEqual(['cancelled', 0]);
    }
  });
});

describe('FakeLanguageModel', () => {
  it('times its tokens by the clock', async () => {
    const clock = new ManualClock();
    const usage = { promptTokens: 1, completionTokens: 2 };
    const model = new FakeLanguageModel({
      clock,
      script: () => ({ tokens: ['a', 'b'], firstTokenMs: 100, gapMs: 10, finishReason: 'length', usage }),
    });
    const { items, done } = reading<LlmEvent>(model.generate(REQUEST, never()));
    await clock.advance(99);
    expect(items).toEqual([]);
    await clock.advance(11);
    expect(items.map(({ type }) => type)).toEqual(['text', 'text']);
    await clock.advance(10);
    await done;
    expect(items.at(-1)).toEqual({ type: 'end', finishReason: 'length', usage });
    expect(model.replies[0]).toMatchObject({ request: REQUEST, outcome: 'finished', tokens: 2 });
  });

  it('fails and stalls where its script says', async () => {
    const clock = new ManualClock();
    const model = new FakeLanguageModel({
      clock,
      script: (_request, index) => ({
        tokens: ['a', 'b'],
        ...(index === 0 ? { failure: { code: 'unavailable', afterTokens: 1 } } : { stallAfterTokens: 1 }),
      }),
    });
    const failing = reading(model.generate(REQUEST, never()));
    await expect(failing.done).rejects.toMatchObject({ code: 'unavailable' });
    expect(failing.items).toEqual([{ type: 'text', text: 'a' }]);
    const controller = new AbortController();
    const stalling = reading(model.generate(REQUEST, controller.signal));
    await clock.advance(60_000);
    expect(stalling.items).toEqual([{ type: 'text', text: 'a' }]);
    expect(model.openReplies).toBe(1);
    controller.abort();
    await stalling.done;
    expect(model.replies.map(({ outcome }) => outcome)).toEqual(['failed', 'cancelled']);
  });

  it('can be driven by the test step by step, and counts how often it was warmed', async () => {
    const model = new FakeLanguageModel({ script: () => 'manual' });
    const signal = never();
    await model.warm(signal);
    const { items, done } = reading<LlmEvent>(model.generate(REQUEST, signal));
    await new Promise((resolve) => setImmediate(resolve));
    model.replies[0]?.token('hi');
    model.replies[0]?.finish();
    await done;
    expect(items).toEqual([
      { type: 'text', text: 'hi' },
      { type: 'end', finishReason: 'stop' },
    ]);
    expect(model.warmSignals).toEqual([signal]);
  });
});

describe('FakeTextToSpeech', () => {
  it('times its audio by the clock and the length of its text, with the time of each character', async () => {
    const clock = new ManualClock();
    const tts = new FakeTextToSpeech({ clock, script: () => ({ msPerCharacter: 50, chunkMs: 100, firstChunkMs: 200, gapMs: 10 }) });
    const text = new AsyncQueue<string>();
    const { items, done } = reading<SpeechChunk>(tts.open({ sampleRateHz: 8_000 }, never()).speak(text, never()));
    text.push('abc');
    await clock.advance(200);
    expect(items).toMatchObject([{ alignment: { chars: ['a', 'b'], startMs: [0, 50], durationMs: [50, 50] } }]);
    await clock.advance(10);
    text.push('d');
    text.end();
    await clock.advance(10);
    await done;
    expect(items.map(({ pcm }) => pcm.length)).toEqual([800, 400, 400]);
    expect(items.at(-1)?.alignment).toEqual({ chars: ['d'], startMs: [150], durationMs: [50] });
    expect(tts.speeches[0]).toMatchObject({ sentences: ['abc', 'd'], isTextDone: true, outcome: 'finished', chunkCount: 3 });
  });

  it('fails and stalls where its script says', async () => {
    const tts = new FakeTextToSpeech({
      clock: new ManualClock(),
      script: (index) => (index === 0 ? { failure: { code: 'timeout', afterChunks: 1 } } : { stallAfterChunks: 0 }),
    });
    const session = tts.open({ sampleRateHz: 8_000 }, never());
    const say = async function* () {
      yield 'a sentence';
    };
    const failing = reading(session.speak(say(), never()));
    await expect(failing.done).rejects.toMatchObject({ code: 'timeout' });
    expect(failing.items).toHaveLength(1);
    const stalling = reading(session.speak(say(), never()));
    await new Promise((resolve) => setImmediate(resolve));
    expect([stalling.items.length, tts.openSpeeches]).toEqual([0, 1]);
    await session.close();
    await stalling.done;
    expect(tts.speeches.map(({ outcome }) => outcome)).toEqual(['failed', 'cancelled']);
  });

  it('can be driven by the test step by step', async () => {
    const tts = new FakeTextToSpeech({ script: () => 'manual' });
    const text = new AsyncQueue<string>();
    const { items, done } = reading(tts.open({ sampleRateHz: 8_000 }, never()).speak(text, never()));
    text.push('one');
    await new Promise((resolve) => setImmediate(resolve));
    tts.speeches[0]?.chunk(10);
    tts.speeches[0]?.finish();
    await done;
    expect(items.map(({ pcm }) => pcm.length)).toEqual([80]);
    expect(text.isEnded).toBe(true);
  });
});
