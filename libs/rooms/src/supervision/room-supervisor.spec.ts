import { type EngineLogger, SILENT_LOGGER } from '@parley/engine';
import { ManualClock } from '@parley/testing';
import { MemoryRoomStore, type RoomStore } from '../store';
import { leaseFor } from '../store/testing/room-store.contract';
import { RoomSupervisor } from './room-supervisor';
import { GRACE_MS } from './store-trust';
import type { SupervisedParticipant, SupervisedRooms } from './supervised-rooms';
import { UNATTENDED_MS } from './supervision-types';

const person = { identity: 'alice', isAssistant: false, isPerson: true, joinedAtMs: 0 };
const never = () => new Promise<never>(() => undefined);
const failing = () => Promise.reject(new Error('refused: token eyJhbGciOi'));
const throwing = () => {
  throw new Error('not even a promise');
};

/** A room with one person, and a note of all that was asked. Whoever is dispatched comes at once. */
class Rooms implements SupervisedRooms {
  readonly asked: string[] = [];
  people: SupervisedParticipant[] = [person];
  constructor(private readonly store: RoomStore) {}
  rooms = async (): Promise<readonly string[]> => ['r'];
  participantsIfAny = async (): Promise<readonly SupervisedParticipant[]> => this.people;
  removeParticipant = async (room: string, identity: string): Promise<void> => void this.asked.push(`remove ${identity} from ${room}`);
  dispatchAgent = async (room: string): Promise<void> => {
    this.asked.push(`dispatch into ${room}`);
    const lease = leaseFor(room, 'B');
    await this.store.acquireLease(lease);
    this.people.push({ ...person, identity: lease.identity, isAssistant: true, isPerson: false });
  };
}

/** A log of messages with their fields. */
class Log implements EngineLogger {
  readonly lines: [message: string, fields: object][] = [];
  debug = (message: string, fields: object) => void this.lines.push([message, fields]);
  warn = this.debug;
  error = this.debug;
}

describe('the supervisor of rooms', () => {
  const a = leaseFor('r', 'A');
  let clock: ManualClock;
  let store: MemoryRoomStore;
  let rooms: Rooms;
  let started: RoomSupervisor[];
  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryRoomStore({ now: () => clock.now(), times: { leaseMs: 600_000 } });
    rooms = new Rooms(store);
    started = [];
  });
  afterEach(async () => {
    const stopped = Promise.all(started.map((supervisor) => supervisor.stop()));
    await clock.advance(2_000);
    await stopped;
  });

  function start(options: { store?: RoomStore; logger?: EngineLogger; onDispatched?: (room: string, reason: string) => void } = {}) {
    const supervisor = new RoomSupervisor({ store, rooms, clock, logger: SILENT_LOGGER, ...options });
    started.push(supervisor);
    supervisor.start();
    return supervisor;
  }

  async function loseAssistant(): Promise<void> {
    await store.acquireLease(a);
    await store.abandonLease(a);
  }

  it('replaces a lost assistant once, though several supervisors see that it is lost', async () => {
    const dispatched: string[][] = [];
    for (let i = 0; i < 3; i++) start({ onDispatched: (room, reason) => void dispatched.push([room, reason]) });
    await clock.advance(GRACE_MS);
    await loseAssistant();
    await clock.advance(1_000);
    expect(rooms.asked).toEqual(['remove agent-A from r', 'dispatch into r']);
    expect(dispatched).toEqual([['r', 'silent']]);
  });

  it('has another assistant sent within half a second though the lost one cannot be removed', async () => {
    rooms.removeParticipant = never;
    start();
    await clock.advance(GRACE_MS);
    await loseAssistant();
    await clock.advance(250 + 500);
    expect(rooms.asked).toEqual(['dispatch into r']);
  });

  it('tries again when the assistant could not be dispatched, and counts no dispatch', async () => {
    const dispatched: string[] = [];
    const { dispatchAgent } = rooms;
    rooms.dispatchAgent = failing;
    start({ onDispatched: (room) => void dispatched.push(room) });
    await clock.advance(GRACE_MS);
    await loseAssistant();
    await clock.advance(1_000);
    rooms.dispatchAgent = dispatchAgent;
    await clock.advance(3_000);
    expect(rooms.asked).toEqual(['remove agent-A from r', 'remove agent-A from r', 'dispatch into r']);
    expect(dispatched).toEqual(['r']);
  });

  it.each([
    ['rejects', failing],
    ['does not answer', never],
    ['throws', throwing],
  ])('goes on when the media server %s for a while', async (_, fault) => {
    const { participantsIfAny, rooms: list } = rooms;
    Object.assign(rooms, { rooms: fault, participantsIfAny: fault });
    start();
    await clock.advance(GRACE_MS);
    await loseAssistant();
    await clock.advance(10_000);
    expect(rooms.asked).toEqual([]);
    Object.assign(rooms, { rooms: list, participantsIfAny });
    await clock.advance(5_000);
    expect(rooms.asked).toEqual(['remove agent-A from r', 'dispatch into r']);
  });

  it.each([
    ['rejects', failing],
    ['does not answer', never],
    ['throws', throwing],
  ])('goes on when the store %s for a while, and says so once', async (_, fault) => {
    const log = new Log();
    let isAway = true;
    const faulty = new Proxy(store, {
      get: (of, name: keyof RoomStore) => (isAway ? fault : (of[name] as (...args: unknown[]) => unknown).bind(of)),
    });
    start({ store: faulty, logger: log });
    await loseAssistant();
    await clock.advance(10_000);
    isAway = false;
    await clock.advance(10_000);
    expect(rooms.asked).toEqual(['remove agent-A from r', 'dispatch into r']);
    const said = log.lines.map(([message]) => message).filter((message) => message.startsWith('the store'));
    expect(said).toEqual(['the store of rooms does not answer: lost assistants are not replaced', 'the store of rooms answers again']);
  });

  it('logs no message of an error, which may contain a token', async () => {
    const log = new Log();
    Object.assign(rooms, { dispatchAgent: failing, removeParticipant: failing });
    start({ logger: log });
    await clock.advance(GRACE_MS);
    await loseAssistant();
    await clock.advance(1_000);
    expect(log.lines.map(([message]) => message)).toContain('a room has no assistant, and none could be dispatched');
    expect(JSON.stringify(log.lines)).not.toContain('eyJ');
  });

  it('sends an assistant to people of whom it hears, when none has come after 3.5 s', async () => {
    rooms.rooms = async () => [];
    const supervisor = start();
    await clock.advance(GRACE_MS);
    supervisor.roomStarted('r');
    supervisor.participantJoined('r');
    await clock.advance(UNATTENDED_MS - 1);
    expect(rooms.asked).toEqual([]);
    await clock.advance(251);
    expect(rooms.asked).toEqual(['dispatch into r']);
  });

  it('has the store forget a room that has ended', async () => {
    const supervisor = start();
    await store.acquireLease(a);
    await store.saveMemory(a, { messages: [], earlier: [], turn: 1 });
    supervisor.roomFinished('r');
    await clock.settle();
    expect(await store.loadMemory('r')).toBeUndefined();
    expect(await store.isAttended('r')).toBe(false);
  });

  it('does nothing any more once it is stopped', async () => {
    const supervisor = start();
    await clock.advance(GRACE_MS);
    await supervisor.stop();
    await loseAssistant();
    supervisor.participantJoined('r');
    supervisor.roomFinished('r');
    await clock.advance(10_000);
    expect(rooms.asked).toEqual([]);
    expect(await store.lostRooms()).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('stops within two seconds though neither the store nor the media server answers', async () => {
    Object.assign(rooms, { rooms: never, participantsIfAny: never });
    const supervisor = start({ store: new Proxy(store, { get: () => never }) });
    supervisor.participantJoined('r');
    await clock.advance(1_000);
    let hasStopped = false;
    const stopped = supervisor.stop().then(() => (hasStopped = true));
    await clock.advance(2_000);
    expect(hasStopped).toBe(true);
    await stopped;
  });

  it('starts once', async () => {
    const supervisor = start();
    supervisor.start();
    let polls = 0;
    store.lostRooms = async () => {
      polls++;
      return [];
    };
    await clock.advance(1_000);
    expect(polls).toBe(4);
  });
});
