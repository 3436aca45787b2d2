import { FailoverSpeechToText, type ProviderErrorCode, type SttSession, type Transcript } from '@parley/providers';
import { FakeSpeechToText, type FakeUtteranceScript } from '../lib/fake-speech-to-text';
import { abortListeners } from '../lib/leak-check';
import { failoverOf, pass, reading, settle, startVirtualTime } from './composite';

const never = () => new AbortController().signal;
const HEARD = 'what time is it';

const failsWith = (code: ProviderErrorCode, at: 'audio' | 'final' = 'final'): FakeUtteranceScript => ({
  text: HEARD,
  failure: { code, at },
});

/** A recogniser whose nth utterance follows the nth script, and all further ones the last script. */
const fakeRecogniser = (...scripts: (FakeUtteranceScript | 'manual')[]): FakeSpeechToText =>
  new FakeSpeechToText({ script: (index) => scripts[Math.min(index, scripts.length - 1)] ?? { text: HEARD } });

describe('FailoverSpeechToText', () => {
  const sessions: SttSession[] = [];
  beforeEach(() => startVirtualTime());
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  function open(...recognisers: [FakeSpeechToText, ...FakeSpeechToText[]]) {
    const options = failoverOf(...recognisers);
    const session = new FailoverSpeechToText(options).open({ language: 'en-IN' }, never());
    sessions.push(session);
    return { session, options };
  }

  /** Speaks 800 ms and ends. */
  function say(session: SttSession, signal = never()) {
    const utterance = session.utterance(signal);
    const { items, done } = reading<Transcript>(utterance.transcripts);
    for (let i = 0; i < 40; i += 1) utterance.push(new Int16Array(320));
    utterance.end();
    return { items, done, utterance };
  }

  it('opens no connections to providers that are not needed', async () => {
    const [first, second] = [fakeRecogniser({ text: HEARD }), fakeRecogniser()];
    const { session } = open(first, second);
    const { items, done } = say(session);
    expect(await done).toBeUndefined();
    expect(items.at(-1)).toEqual({ text: HEARD, isFinal: true });
    expect([first.sessions.length, second.sessions.length]).toEqual([1, 0]);
    expect(first.sessions[0]?.options).toEqual({ language: 'en-IN' });
  });

  it.each<[ProviderErrorCode, 'audio' | 'final', number]>([
    ['auth', 'audio', 1],
    ['auth', 'final', 1],
    ['quota', 'audio', 1],
    ['model_not_found', 'final', 1],
    ['invalid_request', 'final', 1],
    ['rate_limited', 'audio', 1],
    ['unavailable', 'audio', 2],
    ['connection_lost', 'final', 2],
    ['timeout', 'final', 2],
    ['bad_response', 'audio', 2],
  ])('after %s at the %s asks %i times, and the next provider gets all of the audio', async (code, at, asked) => {
    const [first, second] = [fakeRecogniser(failsWith(code, at)), fakeRecogniser({ text: HEARD })];
    const { session, options } = open(first, second);
    const { items, done } = say(session);
    await pass(500);
    expect(await done).toBeUndefined();
    expect(items.filter(({ isFinal }) => isFinal)).toEqual([{ text: HEARD, isFinal: true }]);
    expect(first.utterances).toHaveLength(asked);
    expect(second.utterances.map(({ audioMs, isEnded }) => [audioMs, isEnded])).toEqual([[800, true]]);
    expect(options.switches).toEqual([{ from: 'first', to: 'second', code }]);
  });

  describe('a final that is empty, and in doubt', () => {
    const wordless: FakeUtteranceScript = { text: '', isInDoubt: true };

    it('is asked for once more with all of the audio, and words found then count', async () => {
      const [first, second] = [fakeRecogniser(wordless, { text: HEARD }), fakeRecogniser()];
      const { session, options } = open(first, second);
      const { items, done } = say(session);
      await pass(500);
      expect(await done).toBeUndefined();
      expect(items.filter(({ isFinal }) => isFinal)).toEqual([{ text: HEARD, isFinal: true }]);
      expect(first.utterances.map(({ audioMs }) => audioMs)).toEqual([800, 800]);
      expect(options.switches).toEqual([]);
    });

    it('means silence when it comes twice, and does not count against the provider', async () => {
      const [first, second] = [fakeRecogniser(wordless), fakeRecogniser()];
      const { session, options } = open(first, second);
      for (let turn = 1; turn <= 2; turn += 1) {
        const { items, done } = say(session);
        await pass(500);
        expect(await done).toBeUndefined();
        expect(items).toEqual([{ text: '', isFinal: true }]);
        expect(first.utterances).toHaveLength(2 * turn);
      }
      expect([second.utterances.length, options.switches]).toEqual([0, []]);
    });
  });

  it('gives the next provider no audio of another utterance', async () => {
    const [first, second] = [fakeRecogniser({ text: HEARD }, failsWith('quota')), fakeRecogniser({ text: HEARD })];
    const { session } = open(first, second);
    const buffer = new Int16Array(320);
    const cut = session.utterance(never());
    for (let i = 0; i < 40; i += 1) cut.push(buffer);
    const later = session.utterance(never());
    for (let i = 0; i < 10; i += 1) later.push(buffer);
    // An utterance that is over already reports that again: its buffer belongs to the later one by now.
    expect(await reading(cut.transcripts).done).toBeUndefined();
    const { done } = reading(later.transcripts);
    later.end();
    expect(await done).toBeUndefined();
    expect(second.utterances.map(({ audioMs }) => audioMs)).toEqual([200]);
  });

  it('switches in the middle of an utterance, while it is still spoken', async () => {
    const [first, second] = [fakeRecogniser(failsWith('quota', 'audio')), fakeRecogniser({ text: HEARD })];
    const { session } = open(first, second);
    const utterance = session.utterance(never());
    const { items, done } = reading(utterance.transcripts);
    const buffer = new Int16Array(320);
    for (let i = 0; i < 20; i += 1) utterance.push(buffer.fill(i));
    await settle();
    expect(second.utterances.map(({ audioMs }) => audioMs)).toEqual([400]);
    for (let i = 0; i < 20; i += 1) utterance.push(buffer.fill(i));
    utterance.end();
    expect(await done).toBeUndefined();
    expect(items.map(({ text }) => text)).toEqual(['what', 'what time', 'what time is', HEARD, HEARD]);
    expect(second.utterances[0]?.audioMs).toBe(800);
  });

  it('throws the failure of the first when all have failed', async () => {
    const { session } = open(fakeRecogniser(failsWith('quota')), fakeRecogniser(failsWith('connection_lost')));
    const { items, done } = say(session);
    expect(await done).toMatchObject({ code: 'quota' });
    expect(items.filter(({ isFinal }) => isFinal)).toEqual([]);
  });

  it('does not disturb the utterance that is being spoken when an older one is tried again', async () => {
    const first = fakeRecogniser('manual');
    const { session } = open(first);
    const older = session.utterance(never());
    older.push(new Int16Array(320));
    older.end();
    const newer = session.utterance(never());
    newer.push(new Int16Array(640));
    const results = [reading(older.transcripts), reading(newer.transcripts)] as const;
    first.utterances[0]?.fail('connection_lost');
    await settle();
    expect(first.sessions).toHaveLength(2);
    expect(first.utterances.map(({ outcome }) => outcome)).toEqual(['failed', 'open', 'open']);
    first.utterances[2]?.final('older');
    expect(await results[0].done).toBeUndefined();
    expect(first.openSessions).toBe(1);
    newer.end();
    first.utterances[1]?.final('newer');
    expect(await results[1].done).toBeUndefined();
    expect(results.map(({ items }) => items.at(-1)?.text)).toEqual(['older', 'newer']);
  });

  it('discards an utterance that was not ended when the next begins with another provider', async () => {
    const [first, second] = [fakeRecogniser(failsWith('auth', 'audio'), 'manual'), fakeRecogniser('manual')];
    const { session } = open(first, second);
    const left = session.utterance(never());
    const { items, done } = reading(left.transcripts);
    left.push(new Int16Array(320));
    await settle();
    expect(second.openUtterances).toBe(1);
    session.utterance(never());
    expect([await done, items]).toEqual([undefined, []]);
    expect(second.utterances.map(({ outcome }) => outcome)).toEqual(['cancelled', 'open']);
  });

  it('gives its providers the waiting time only, not the time of the speech', async () => {
    const [first, second] = [fakeRecogniser({ text: HEARD, stalls: true }), fakeRecogniser({ text: HEARD, finalDelayMs: 4_000 })];
    const { session } = open(first, second);
    const utterance = session.utterance(never());
    const { items, done } = reading(utterance.transcripts);
    utterance.push(new Int16Array(320));
    await pass(60_000);
    utterance.end();
    await pass(5_900);
    expect(second.utterances).toHaveLength(0);
    await pass(200);
    expect([first.openUtterances, second.utterances.length]).toEqual([0, 1]);
    await pass(4_000);
    expect(await done).toBeUndefined();
    expect(items.at(-1)).toEqual({ text: HEARD, isFinal: true });
  });

  it('ends in bounded time when all providers hang', async () => {
    const { session } = open(fakeRecogniser({ text: HEARD, stalls: true }), fakeRecogniser({ text: HEARD, stalls: true }));
    const { done } = say(session);
    await pass(12_020);
    expect(await done).toMatchObject({ code: 'timeout' });
  });

  it('ends silently when aborted while it waits to try again', async () => {
    const first = fakeRecogniser(failsWith('rate_limited'));
    const { session } = open(first);
    const controller = new AbortController();
    const { items, done } = say(session, controller.signal);
    await pass(200);
    expect(first.utterances).toHaveLength(1);
    controller.abort();
    expect([await done, items.filter(({ isFinal }) => isFinal)]).toEqual([undefined, []]);
    expect([abortListeners(controller.signal), jest.getTimerCount()]).toEqual([0, 0]);
  });

  it('closes the second provider’s connections when the first works again', async () => {
    const [first, second] = [
      fakeRecogniser(failsWith('unavailable'), failsWith('unavailable'), { text: HEARD }),
      fakeRecogniser({ text: HEARD }),
    ];
    const { session } = open(first, second);
    await say(session).done;
    expect(second.openSessions).toBe(1);
    await say(session).done;
    expect([first.openSessions, second.openSessions]).toEqual([1, 0]);
    await session.close();
    expect([first.openSessions, second.openSessions]).toEqual([0, 0]);
  });

  it('closes the first provider’s connection while that provider is avoided', async () => {
    const [first, second] = [fakeRecogniser(failsWith('auth')), fakeRecogniser({ text: HEARD })];
    const { session } = open(first, second);
    await say(session).done;
    expect([first.openSessions, second.openSessions]).toEqual([0, 1]);
  });
});
