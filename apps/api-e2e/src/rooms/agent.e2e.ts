import {
  assistantIsQuiet,
  assistantListens,
  assistantSays,
  heardMs,
  hearsAssistant,
  RoomsUnderTest,
  type TestPerson,
} from '@parley/rooms/testing';
import { fixture, poll } from '@parley/testing/client';

describe('an agent’s conversation in a room', () => {
  let rooms: RoomsUnderTest;

  beforeAll(async () => {
    rooms = await RoomsUnderTest.start({ workers: 1 });
  });

  afterEach(() => rooms.everybodyLeaves());

  afterAll(() => rooms.stop());

  /** Somebody who has asked for the agent in a room of their own, after its greeting. */
  async function withAgent(): Promise<TestPerson> {
    const asha = await rooms.join({ room: rooms.newRoom(), identity: 'asha', engine: 'agent' });
    const joinedAtMs = performance.now();
    await assistantSays(asha, /^Hello/);
    await hearsAssistant(asha, joinedAtMs);
    await assistantListens(asha);
    await assistantIsQuiet(asha);
    return asha;
  }

  const idOf = (attributes: Readonly<Record<string, string>>): string | undefined => attributes['lk.segment_id'];

  const messagesTo = (person: TestPerson) => person.inbox.messages.map(({ message }) => message);

  /** The only segment that says this, and is final. */
  const segmentOf = async (person: TestPerson, from: RegExp, words: RegExp) => {
    const matching = () =>
      person.inbox
        .transcripts()
        .filter(
          (segment) => from.test(segment.from) && words.test(segment.text) && segment.attributes['lk.transcription_final'] === 'true',
        );
    const [segment] = await poll(
      `a final transcript of ${words}`,
      () => Promise.resolve(matching()),
      ({ length }) => length === 1,
      60_000,
    );
    return segment;
  };

  it('greets, and answers a spoken question aloud and in text, with a tool of this server', async () => {
    const asha = await withAgent();
    const askedAtMs = performance.now();
    await asha.say(fixture('clean-time.wav').pcm);
    await hearsAssistant(asha, askedAtMs);
    await segmentOf(asha, /^asha$/, /time/i);
    await segmentOf(asha, /^agent-/, /The time is .*at \d\d:\d\d, time zone/);
    const states = asha.inbox.states().map(({ state }) => state);
    expect(states).toEqual(expect.arrayContaining(['listening', 'speaking']));
    expect(messagesTo(asha)).toContainEqual(
      expect.objectContaining({ type: 'transcript', identity: 'asha', is_final: true, text: expect.stringMatching(/time/i) }),
    );
    expect(messagesTo(asha).filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('falls silent when somebody speaks over it, and its transcript then says only what was heard', async () => {
    const asha = await withAgent();
    const askedAtMs = performance.now();
    await asha.chat('tell me a long story');
    await hearsAssistant(asha, askedAtMs);
    await poll(
      'some of the story',
      () => Promise.resolve(heardMs(asha, askedAtMs)),
      (ms) => ms > 1_500,
      60_000,
    );
    const whole = await segmentOf(asha, /^agent-/, /village/i);
    const { text: wholeText } = whole;
    const spokenAtMs = performance.now();
    await asha.say(fixture('interrupt-short.wav').pcm);
    await poll(
      'an interruption',
      () => Promise.resolve(messagesTo(asha).filter(({ type }) => type === 'interruption')),
      ({ length }) => length === 1,
      60_000,
    );
    await assistantIsQuiet(asha);
    // By its id, because what was heard may have none of the words that it was found by.
    const heard = await poll(
      'a transcript of what was heard',
      () => Promise.resolve(asha.inbox.transcripts().find(({ attributes }) => idOf(attributes) === idOf(whole.attributes))),
      (segment) => segment !== undefined && segment.text.length < wholeText.length,
      60_000,
    );
    expect(wholeText.startsWith(heard?.text.replace(/\W+$/, '') ?? '-')).toBe(true);
    expect(heard?.attributes['lk.transcription_final']).toBe('true');
    await segmentOf(asha, /^asha$/, /stop/i);
    expect(heardMs(asha, askedAtMs) - heardMs(asha, spokenAtMs)).toBeGreaterThan(1_500);
  });

  it('is stopped by the button, and answers what is written next', async () => {
    const asha = await withAgent();
    const askedAtMs = performance.now();
    await asha.chat('tell me a long story');
    await hearsAssistant(asha, askedAtMs);
    await asha.send({ type: 'interrupt' });
    await assistantIsQuiet(asha);
    expect(messagesTo(asha)).toContainEqual(expect.objectContaining({ type: 'interruption', reason: 'button' }));
    const writtenAtMs = performance.now();
    await asha.chat('what is seven plus five');
    await assistantSays(asha, /twelve/i);
    await hearsAssistant(asha, writtenAtMs);
  });
});
