import { setTimeout as sleep } from 'node:timers/promises';
import { assistantIsQuiet, assistantListens, assistantSays, assistantsOf, hearsAssistant, RoomsUnderTest } from '@parley/rooms/testing';
import { fixture, poll } from '@parley/testing/client';

describe('what rooms survive', () => {
  let rooms: RoomsUnderTest;

  beforeAll(async () => {
    rooms = await RoomsUnderTest.start({ workers: 1 });
  });

  afterEach(() => rooms.everybodyLeaves());

  // Once for all tests: after it nobody can join from this process.
  afterAll(() => rooms.stop());

  it('a media server that is started again: the worker is back, and takes new rooms', async () => {
    await assistantListens(await rooms.join({ room: rooms.newRoom(), identity: 'asha' }));
    await rooms.everybodyLeaves();
    await rooms.media.kill();
    await poll(
      'a worker that notices',
      () => rooms.workers[0].isReady(),
      (isReady) => !isReady,
      20_000,
    );
    await rooms.media.restart();
    await poll(
      'a worker that is back',
      () => rooms.workers[0].isReady(),
      (isReady) => isReady,
      20_000,
    );
    await assistantListens(await rooms.join({ room: rooms.newRoom(), identity: 'asha' }));
  });

  it('four seconds without Redis: the call goes on with the same assistant', async () => {
    const person = await rooms.join({ room: rooms.newRoom(), identity: 'asha' });
    const assistant = await assistantListens(person);
    await assistantIsQuiet(person);
    await rooms.redis.pause();
    const askedAtMs = performance.now();
    await person.say(fixture('clean-name.wav').pcm);
    await assistantSays(person, /nice to meet you, peter/i);
    await hearsAssistant(person, askedAtMs);
    // As long as it is away in the worst case that is to be survived.
    await sleep(Math.max(0, askedAtMs + 4_000 - performance.now()));
    await rooms.redis.resume();
    await assistantIsQuiet(person);
    await person.say(fixture('clean-time.wav').pcm);
    await hearsAssistant(person, performance.now());
    expect(assistantsOf(person)).toEqual([assistant]);
    await assistantListens(await rooms.join({ room: rooms.newRoom(), identity: 'ravi' }));
  });
});
