import {
  assistantIsQuiet,
  assistantListens,
  assistantSays,
  assistantsOf,
  heardMs,
  hearsAssistant,
  RoomsUnderTest,
} from '@parley/rooms/testing';
import { fixture, poll } from '@parley/testing/client';

describe('a conversation in a room', () => {
  let rooms: RoomsUnderTest;

  beforeAll(async () => {
    rooms = await RoomsUnderTest.start({ workers: 1 });
  });

  afterEach(() => rooms.everybodyLeaves());

  afterAll(() => rooms.stop());

  it('is heard by everybody: what somebody says, and the assistant’s answer', async () => {
    const room = rooms.newRoom();
    const [asha, ravi] = [await rooms.join({ room, identity: 'asha' }), await rooms.join({ room, identity: 'ravi', name: 'Ravi' })];
    const assistant = await assistantListens(asha);
    await assistantIsQuiet(asha);
    const askedAtMs = performance.now();
    await asha.say(fixture('clean-name.wav').pcm);
    await hearsAssistant(asha, askedAtMs);
    await hearsAssistant(ravi, askedAtMs);
    await assistantSays(ravi, /nice to meet you, peter/i);
    expect(ravi.voice('asha')?.soundMs(askedAtMs)).toBeGreaterThan(500);
    expect(assistantsOf(ravi)).toEqual([assistant]);

    const said = ravi.inbox.transcripts().find(({ from }) => from === 'asha');
    expect(said).toMatchObject({ text: expect.stringMatching(/my name is peter/i), attributes: { 'lk.transcription_final': 'true' } });
    const messages = ravi.inbox.messages.map(({ message }) => message);
    expect(messages).toContainEqual(
      expect.objectContaining({ type: 'transcript', identity: 'asha', is_final: true, text: expect.stringMatching(/my name is peter/i) }),
    );
    const states = ravi.inbox.states().map(({ state }) => state);
    // An answer that was prepared in the silence leaves no time to be seen thinking.
    expect(states).toEqual(expect.arrayContaining(['listening', 'speaking']));
  });

  it('can be interrupted: the assistant falls silent, and answers what it was told instead', async () => {
    const asha = await rooms.join({ room: rooms.newRoom(), identity: 'asha' });
    await assistantListens(asha);
    await assistantIsQuiet(asha);
    const askedAtMs = performance.now();
    await asha.say(fixture('clean-story.wav').pcm);
    await hearsAssistant(asha, askedAtMs);
    await asha.say(fixture('clean-name.wav').pcm);
    await assistantSays(asha, /nice to meet you, peter/i);
    await assistantIsQuiet(asha);
    // The story alone is longer than all of this together.
    expect(heardMs(asha, askedAtMs)).toBeLessThan(15_000);
    const interruptions = asha.inbox.messages.filter(({ message }) => message.type === 'interruption');
    expect(interruptions).toHaveLength(1);
  });

  it('answers what is written in the chat', async () => {
    const room = rooms.newRoom();
    const [asha, ravi] = [await rooms.join({ room, identity: 'asha' }), await rooms.join({ room, identity: 'ravi' })];
    await assistantListens(ravi);
    await assistantIsQuiet(asha);
    const writtenAtMs = performance.now();
    await ravi.chat('what is seven plus five');
    await assistantSays(asha, /twelve/i);
    await hearsAssistant(asha, writtenAtMs);
    expect(asha.inbox.messages.map(({ message }) => message)).toContainEqual(
      expect.objectContaining({ type: 'transcript', identity: 'ravi', text: 'what is seven plus five' }),
    );
  });

  it('ends for the assistant when everybody has left', async () => {
    const room = rooms.newRoom();
    const asha = await rooms.join({ room, identity: 'asha' });
    await assistantListens(asha);
    await rooms.everybodyLeaves();
    const ended = async (): Promise<boolean> => {
      const response = await rooms.request(`/${room}/participants`);
      if (response.status === 404) return true;
      const { participants } = (await response.json()) as { participants: unknown[] };
      return participants.length === 0;
    };
    await poll('an empty room', ended, (isEmpty) => isEmpty, 60_000);
  });
});
