import { assistantListens, assistantSays, assistantsOf, hearsAssistant, RoomsUnderTest } from '@parley/rooms/testing';

const GREETING = 'Hello everybody. My name is Parley, and I am listening.';
const RESUMPTION = 'Sorry, I was gone for a moment. Please go on.';

describe('rooms whose assistant greets', () => {
  let rooms: RoomsUnderTest;

  beforeAll(async () => {
    rooms = await RoomsUnderTest.start({ workers: 1, env: { ROOMS_GREETING: GREETING, ROOMS_RESUMPTION: RESUMPTION } });
  });

  afterEach(() => rooms.everybodyLeaves());

  afterAll(() => rooms.stop());

  it('begin with the greeting, and an assistant that goes on for a lost one says so instead', async () => {
    const room = rooms.newRoom();
    const asha = await rooms.join({ room, identity: 'asha' });
    const joinedAtMs = performance.now();
    expect(await assistantSays(asha, /listening/)).toBe(GREETING);
    await hearsAssistant(asha, joinedAtMs);
    const first = await assistantListens(asha);
    await asha.chat('my name is Peter');
    await assistantSays(asha, /nice to meet you, peter/i);

    const [lost] = rooms.workers;
    await rooms.startWorker();
    const lostAtMs = performance.now();
    await lost.kill();
    expect(await assistantSays(asha, /gone for a moment/)).not.toMatch(/I am listening.*I am listening/);
    await hearsAssistant(asha, lostAtMs);
    const second = await assistantListens(asha, first);
    expect(assistantsOf(asha)).toEqual([second]);
    await asha.chat('what is my name');
    await assistantSays(asha, /your name is peter/i);
  });
});
