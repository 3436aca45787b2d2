import {
  FailoverLanguageModel,
  FailoverSpeechToText,
  FailoverTextToSpeech,
  type LlmRequest,
  MeteredLanguageModel,
  MeteredNarration,
  MeteredSpeechToText,
  MeteredTextToSpeech,
  type NarrationPiece,
  type NarrationProvider,
  UsageRefused,
} from '@parley/providers';
import { failoverOf, reading, settle } from '../failover/composite';
import { FAKE_INFO } from '../lib/fake-failure';
import { FakeLanguageModel } from '../lib/fake-language-model';
import { FakeSpeechToText } from '../lib/fake-speech-to-text';
import { FakeTextToSpeech } from '../lib/fake-text-to-speech';
import { LimitedMeter } from './limited-meter';

const never = () => new AbortController().signal;
const REQUEST: LlmRequest = { messages: [{ role: 'user', content: 'What time is it?' }] };
const secondOfAudio = () => new Int16Array(16_000);

async function* sentences(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) {
    await settle();
    yield text;
  }
}

describe('a metered language model', () => {
  const failing = () => new FakeLanguageModel({ script: () => ({ tokens: [], failure: { code: 'unavailable', afterTokens: 0 } }) });
  const models = (...fakes: [FakeLanguageModel, ...FakeLanguageModel[]]) => {
    const [first, ...others] = fakes.map((fake) => new MeteredLanguageModel(fake));
    const options = failoverOf(first ?? new MeteredLanguageModel(failing()), ...others);
    return { options, model: new FailoverLanguageModel(options) };
  };

  it('counts every request, also retries and those to other models', async () => {
    const meter = new LimitedMeter();
    const [first, second] = [failing(), new FakeLanguageModel()];
    expect(await reading(models(first, second).model.generate({ ...REQUEST, meter }, never())).done).toBeUndefined();
    expect([first.replies.length, second.replies.length]).toEqual([2, 1]);
    expect(meter.spent.model_requests).toBe(3);
    expect(second.replies[0]?.request).toEqual(REQUEST);
  });

  it('counts a request whose reply is cancelled', async () => {
    const meter = new LimitedMeter();
    const controller = new AbortController();
    const fake = new FakeLanguageModel({ script: () => 'manual' });
    const reply = reading(models(fake).model.generate({ ...REQUEST, meter }, controller.signal));
    await settle();
    controller.abort();
    await reply.done;
    expect(meter.spent.model_requests).toBe(1);
  });

  it('is not asked again, and no other one is, when nothing is left after a failure', async () => {
    const meter = new LimitedMeter({ model_requests: 1 });
    const [first, second] = [failing(), new FakeLanguageModel()];
    const { model, options } = models(first, second);
    expect(await reading(model.generate({ ...REQUEST, meter }, never())).done).toBeInstanceOf(UsageRefused);
    expect([first.replies.length, second.replies.length]).toEqual([1, 0]);
    expect(options.switches).toEqual([]);
  });

  it('works for other conversations after one was refused', async () => {
    const fake = new FakeLanguageModel();
    const { model, options } = models(fake, failing());
    expect(await reading(model.generate({ ...REQUEST, meter: new LimitedMeter({ model_requests: 0 }) }, never())).done).toBeInstanceOf(
      UsageRefused,
    );
    expect(await reading(model.generate({ ...REQUEST, meter: new LimitedMeter() }, never())).done).toBeUndefined();
    expect(fake.replies).toHaveLength(1);
    expect(options.switches).toEqual([]);
  });
});

describe('a metered voice', () => {
  async function speak(meter: LimitedMeter, ...texts: string[]) {
    const fake = new FakeTextToSpeech();
    const options = failoverOf(new MeteredTextToSpeech(fake));
    const session = new FailoverTextToSpeech(options).open({ sampleRateHz: 24_000, meter }, never());
    const { items, done } = reading(session.speak(sentences(...texts), never()));
    const error = await done;
    await session.close();
    return { spoken: fake.speeches.map((speech) => speech.sentences), items, error };
  }

  it('counts the characters that it is given', async () => {
    const meter = new LimitedMeter();
    const { error } = await speak(meter, 'It is three.', 'Or four.');
    expect(error).toBeUndefined();
    expect(meter.spent.voice_characters).toBe('It is three.Or four.'.length);
  });

  it('speaks the sentence that reaches the limit, leaves out the rest, and ends without an error', async () => {
    const meter = new LimitedMeter({ voice_characters: 5 });
    const { spoken, items, error } = await speak(meter, 'It is three.', 'Or four.', 'Or five.');
    expect(spoken).toEqual([['It is three.']]);
    expect(items.length).toBeGreaterThan(0);
    expect(error).toBeUndefined();
    expect(meter.spent.voice_characters).toBe('It is three.'.length);
    expect(meter.refused).toEqual(['voice_characters']);
  });

  it('refuses nothing when the text is exactly what is left', async () => {
    const meter = new LimitedMeter({ voice_characters: 'It is three.'.length });
    expect((await speak(meter, 'It is three.')).error).toBeUndefined();
    expect(meter.refused).toEqual([]);
  });

  it('is not asked when nothing is left', async () => {
    const { spoken, error } = await speak(new LimitedMeter({ voice_characters: 0 }), 'It is three.');
    expect(spoken).toEqual([]);
    expect(error).toBeInstanceOf(UsageRefused);
  });
});

describe('a metered recogniser', () => {
  function listen(meter: LimitedMeter, fake = new FakeSpeechToText({ script: () => ({ text: 'what time is it' }) })) {
    const controller = new AbortController();
    const options = failoverOf(new MeteredSpeechToText(fake));
    const session = new FailoverSpeechToText(options).open({ meter }, never());
    return { fake, session, controller, begin: () => session.utterance(controller.signal) };
  }

  it('counts the audio that it is given to the millisecond', async () => {
    const meter = new LimitedMeter();
    const { begin } = listen(meter);
    const utterance = begin();
    const { items, done } = reading(utterance.transcripts);
    utterance.push(secondOfAudio());
    for (let frame = 0; frame < 12; frame++) utterance.push(new Int16Array(320));
    utterance.end();
    expect(await done).toBeUndefined();
    expect(items.at(-1)).toEqual({ text: 'what time is it', isFinal: true });
    expect(meter.spent.recognition_ms).toBe(1_240);
  });

  it('counts audio again that is recognised again', async () => {
    const meter = new LimitedMeter();
    const script = (index: number) => ({
      text: 'hi',
      ...(index === 0 && { failure: { code: 'unavailable' as const, at: 'final' as const } }),
    });
    const { begin } = listen(meter, new FakeSpeechToText({ script }));
    const utterance = begin();
    const { done } = reading(utterance.transcripts);
    utterance.push(secondOfAudio());
    utterance.end();
    expect(await done).toBeUndefined();
    expect(meter.spent.recognition_ms).toBe(2_000);
  });

  it('counts the audio of an utterance that is discarded', async () => {
    const meter = new LimitedMeter();
    const { begin, controller } = listen(meter);
    const utterance = begin();
    const { done } = reading(utterance.transcripts);
    utterance.push(new Int16Array(1_600));
    controller.abort();
    await done;
    expect(meter.spent.recognition_ms).toBe(100);
  });

  it('ends the utterance when nothing is left, with the final of what was heard, and refuses the next one', async () => {
    const meter = new LimitedMeter({ recognition_ms: 1_000 });
    const { begin, fake } = listen(meter);
    const utterance = begin();
    const { items, done } = reading(utterance.transcripts);
    for (let pushed = 0; pushed < 3; pushed++) utterance.push(secondOfAudio());
    expect(await done).toBeUndefined();
    expect(items.at(-1)).toMatchObject({ isFinal: true });
    expect(fake.utterances[0]?.audioMs).toBe(1_000);
    expect(meter.refused).toEqual([]);
    const refused = begin();
    refused.push(secondOfAudio());
    expect(await reading(refused.transcripts).done).toBeInstanceOf(UsageRefused);
    expect(fake.utterances).toHaveLength(1);
    expect(meter.refused).toEqual(['recognition_ms']);
  });
});

/** Speaks every character of a piece as one sample. */
const NARRATOR: Pick<NarrationProvider, 'info' | 'narrate'> = {
  info: FAKE_INFO,
  async *narrate(pieces) {
    for await (const { text } of pieces) yield { pcm: new Int16Array(text.length) };
  },
};

describe('a metered narration', () => {
  async function narrate(meter: LimitedMeter, ...texts: string[]) {
    async function* pieces(): AsyncGenerator<NarrationPiece> {
      for await (const text of sentences(...texts)) yield { text, flush: true };
    }
    const options = { voiceId: 'v', model: 'm', sampleRateHz: 24_000 };
    const { items, done } = reading(new MeteredNarration(NARRATOR, meter).narrate(pieces(), options, never()));
    return { error: await done, items };
  }

  it('counts the characters of its text', async () => {
    const meter = new LimitedMeter();
    expect((await narrate(meter, 'Once upon ', 'a time.')).error).toBeUndefined();
    expect(meter.spent.voice_characters).toBe('Once upon a time.'.length);
  });

  it('fails after the speech of what was left', async () => {
    const meter = new LimitedMeter({ voice_characters: 3 });
    const { error, items } = await narrate(meter, 'Once upon ', 'a time.');
    expect(error).toBeInstanceOf(UsageRefused);
    expect(items.length).toBeGreaterThan(0);
    expect(meter.spent.voice_characters).toBe('Once upon '.length);
  });
});
