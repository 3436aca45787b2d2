import {
  assistantIsQuiet,
  assistantListens,
  assistantSays,
  assistantsOf,
  bothHeardMs,
  hearsAssistant,
  RoomsUnderTest,
} from '@parley/rooms/testing';
import { fixture, poll } from '@parley/testing/client';

describe('two nodes of the media server with one Redis, behind one address', () => {
  let rooms: RoomsUnderTest;

  beforeAll(async () => {
    rooms = await RoomsUnderTest.start({ workers: 2, nodes: 2 });
  });

  afterEach(() => rooms.everybodyLeaves());

  afterAll(() => rooms.stop());

  it('serve people and workers that are connected to different nodes', async () => {
    rooms.proxy.prefer(1);
    const asha = await rooms.join({ room: rooms.newRoom(), identity: 'asha' });
    await assistantListens(asha);
    await assistantIsQuiet(asha);
    const askedAtMs = performance.now();
    await asha.say(fixture('clean-name.wav').pcm);
    await assistantSays(asha, /nice to meet you, peter/i);
    await hearsAssistant(asha, askedAtMs);
  });

  it('lose no conversation when the node of the room is killed: it goes on through the other node, with one assistant', async () => {
    const room = rooms.newRoom();
    const person = await rooms.join({ room, identity: 'peter' });
    await assistantListens(person);
    await person.say(fixture('clean-name.wav').pcm);
    await assistantSays(person, /nice to meet you, peter/i);
    await assistantIsQuiet(person);

    const node = rooms.nodeOf(room);
    rooms.proxy.prefer(1 - node);
    await rooms.nodes[node].kill();
    const killedAtMs = performance.now();
    await poll(
      'the room on the other node',
      async () => rooms.hasRoom(1 - node, room),
      (isThere) => isThere,
      60_000,
    );
    const answered = async (): Promise<boolean> => {
      await person.say(fixture('clean-myname.wav').pcm);
      return person.inbox
        .transcripts()
        .some(({ from, text, atMs }) => from.startsWith('agent-') && atMs > killedAtMs && /your name is peter/i.test(text));
    };
    await poll('an assistant who knows the name', answered, (isAnswered) => isAnswered, 90_000);
    await assistantIsQuiet(person);
    expect(assistantsOf(person)).toHaveLength(1);
    expect(bothHeardMs(person)).toBe(0);
  });
});
