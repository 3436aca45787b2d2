import {
  assistantIsQuiet,
  assistantListens,
  assistantSays,
  assistantsOf,
  bothHeardMs,
  hearsAssistant,
  RoomsUnderTest,
  type RoomWorkerProcess,
  type TestPerson,
} from '@parley/rooms/testing';
import { fixture, poll } from '@parley/testing/client';

/** A new assistant is there after 2.5 s on a quiet machine: the bench measures that. */
const NEW_ASSISTANT_MS = 15_000;

describe('rooms that are served by two workers', () => {
  let rooms: RoomsUnderTest;

  beforeAll(async () => {
    rooms = await RoomsUnderTest.start({ workers: 0 });
  });

  beforeEach(async () => {
    while (rooms.runningWorkers.length < 2) await rooms.startWorker();
    const held = async (): Promise<number[]> => Promise.all(rooms.runningWorkers.map(roomsOf));
    await poll('workers without rooms', held, (counts) => counts.every((count) => count === 0), 60_000);
  });

  afterEach(() => rooms.everybodyLeaves());

  afterAll(() => rooms.stop());

  const roomsOf = (worker: RoomWorkerProcess): Promise<number> => worker.metric('parley_rooms');

  /** Somebody in a room whose assistant knows the name, the worker of that room, and the other worker. */
  async function acquainted(): Promise<{ person: TestPerson; assistant: string; busy: RoomWorkerProcess; idle: RoomWorkerProcess }> {
    const person = await rooms.join({ room: rooms.newRoom(), identity: 'peter' });
    const assistant = await assistantListens(person);
    await person.say(fixture('clean-name.wav').pcm);
    await assistantSays(person, /nice to meet you, peter/i);
    await assistantIsQuiet(person);
    const [first, second] = rooms.runningWorkers;
    const isFirst = (await roomsOf(first)) === 1;
    return { person, assistant, busy: isFirst ? first : second, idle: isFirst ? second : first };
  }

  /** The conversation goes on with another assistant, who knows what was said. */
  async function goesOnWithMemory(person: TestPerson, lost: string): Promise<void> {
    const assistant = await assistantListens(person, lost);
    const askedAtMs = performance.now();
    await person.say(fixture('clean-myname.wav').pcm);
    await assistantSays(person, /your name is peter/i);
    await hearsAssistant(person, askedAtMs);
    expect(assistantsOf(person)).toEqual([assistant]);
    expect(bothHeardMs(person)).toBe(0);
  }

  const lossNoticed = (person: TestPerson, lost: string): Promise<string[]> =>
    poll(
      'another assistant',
      async () => assistantsOf(person),
      (there) => there.length === 1 && there[0] !== lost,
      NEW_ASSISTANT_MS,
    );

  it('are spread over both', async () => {
    const people = [];
    for (let count = 0; count < 8; count++) people.push(await rooms.join({ room: rooms.newRoom(), identity: 'asha' }));
    for (const person of people) await assistantListens(person);
    const [first, second] = await Promise.all(rooms.runningWorkers.map(roomsOf));
    expect(first + second).toBe(8);
    expect(Math.min(first, second)).toBeGreaterThanOrEqual(1);
  });

  it('get another assistant, who knows what was said, when a worker is killed', async () => {
    const { person, assistant, busy } = await acquainted();
    await busy.kill();
    await lossNoticed(person, assistant);
    await goesOnWithMemory(person, assistant);
  });

  it('have one assistant only when a worker was frozen and goes on', async () => {
    const { person, assistant, busy } = await acquainted();
    busy.freeze();
    await lossNoticed(person, assistant);
    busy.thaw();
    await goesOnWithMemory(person, assistant);
    await poll(
      'a worker without rooms',
      () => roomsOf(busy),
      (count) => count === 0,
      30_000,
    );
    expect(assistantsOf(person)).not.toContain(assistant);
  });

  it('keep their assistant while its worker drains, which ends when the call has ended', async () => {
    const { person, assistant, busy, idle } = await acquainted();
    busy.drain();
    const newcomer = await rooms.join({ room: rooms.newRoom(), identity: 'asha' });
    await assistantListens(newcomer);
    expect(await roomsOf(idle)).toBe(1);
    const askedAtMs = performance.now();
    await person.say(fixture('clean-myname.wav').pcm);
    await assistantSays(person, /your name is peter/i);
    await hearsAssistant(person, askedAtMs);
    expect(assistantsOf(person)).toEqual([assistant]);
    await rooms.everybodyLeaves();
    expect(await busy.ended()).toBe(0);
  });
});
