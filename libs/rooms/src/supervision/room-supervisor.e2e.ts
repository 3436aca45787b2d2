import { SILENT_LOGGER } from '@parley/engine';
import { RedisServer } from '@parley/testing/servers';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { RoomControl } from '../control';
import { RedisRoomStore } from '../store';
import { endTestPeople, LiveKitServer, roomToken, TestPerson, until } from '../testing';
import { RoomSupervisor } from './room-supervisor';
import { ThinWorker } from './testing/thin-worker';

const AGENT = 'parley';
/** For a busy machine. A quiet one needs about two seconds. */
const REPLACED_WITHIN_MS = 10_000;

describe('the supervision of rooms with a real media server and a real Redis', () => {
  let server: LiveKitServer;
  let redis: RedisServer;
  let control: RoomControl;
  let store: RedisRoomStore;
  let supervisors: RoomSupervisor[];
  let workers: ThinWorker[];
  let people: TestPerson[];
  let tests = 0;
  let room = '';

  beforeAll(async () => {
    [server, redis] = await Promise.all([LiveKitServer.start(), RedisServer.start()]);
    const { url, apiKey, apiSecret } = server;
    control = await RoomControl.load({ url, apiKey, apiSecret, agentName: AGENT });
  });
  afterAll(async () => {
    await endTestPeople();
    await Promise.all([server.stop(), redis.stop()]);
  });
  beforeEach(async () => {
    room = `room ${++tests}`;
    const { httpUrl, apiKey, apiSecret } = server;
    const metadata = JSON.stringify({ engine: 'pipeline', assistantName: 'Parley' });
    await new RoomServiceClient(httpUrl, apiKey, apiSecret).createRoom({ name: room, metadata });
    store = await openStore();
    // Each server program has one.
    supervisors = await Promise.all([1, 2].map(async () => supervisor(await openStore())));
    workers = [];
    people = [];
  });
  afterEach(async () => {
    await Promise.all(supervisors.map((each) => each.stop()));
    await Promise.all([...workers.map((worker) => worker.end()), ...people.map((person) => person.leave())]);
    await Promise.all(stores.splice(0).map((each) => each.close()));
  });

  const stores: RedisRoomStore[] = [];
  async function openStore(): Promise<RedisRoomStore> {
    const opened = await RedisRoomStore.open({ url: redis.url, prefix: `test${tests}` });
    stores.push(opened);
    return opened;
  }

  function supervisor(of: RedisRoomStore): RoomSupervisor {
    const started = new RoomSupervisor({ store: of, rooms: control, logger: SILENT_LOGGER });
    started.start();
    return started;
  }

  async function worker(): Promise<ThinWorker> {
    const started = new ThinWorker(server, store, AGENT);
    workers.push(started);
    started.start();
    await until(() => started.isRegistered, 'the worker is registered');
    return started;
  }

  async function person(identity: string): Promise<void> {
    people.push(await TestPerson.join({ url: server.url, token: await roomToken(server, { room, identity }), microphone: false }));
  }

  const assistantsIn = async () =>
    (await control.participantsIfAny(room)).filter(({ isAssistant }) => isAssistant).map(({ identity }) => identity);
  const isAttendedBy = (identity: string) => async () => (await assistantsIn()).join() === identity;

  it('gives a room an assistant that got none, though nobody has told it of the room', async () => {
    const { assistants } = await worker();
    await person('alice');
    await until(() => assistants.length > 0, 'an assistant is dispatched');
    await until(isAttendedBy(assistants[0].lease.identity), 'it is in the room');
  });

  it('removes an assistant that is silent from its room, and has one other sent', async () => {
    const { assistants } = await worker();
    await person('alice');
    await control.dispatchAgent(room);
    await until(() => assistants.length === 1, 'the first assistant has the room');
    await until(isAttendedBy(assistants[0].lease.identity), 'the first assistant is in the room');
    // Supervisors that have just started believe the store after two seconds.
    const firstMs = performance.now();
    await until(() => performance.now() - firstMs > 2_500, 'the store is believed');
    assistants[0].isSilent = true;
    await until(() => assistants.length === 2, 'the second assistant has the room');
    expect(assistants[1].assignedAtMs - assistants[0].renewedAtMs).toBeLessThan(REPLACED_WITHIN_MS);
    await until(isAttendedBy(assistants[1].lease.identity), 'the second assistant is in the room alone');
    expect(await store.leaseOf(room)).toEqual(assistants[1].lease);
    expect(assistants).toHaveLength(2);
  });

  it('removes the second one of two assistants, which has no lease', async () => {
    const { assistants } = await worker();
    await person('alice');
    await until(() => assistants.length === 1, 'an assistant has the room');
    const token = new AccessToken(server.apiKey, server.apiSecret, { identity: 'agent-zombie', ttl: 600 });
    token.kind = 'agent';
    token.addGrant({ roomJoin: true, room });
    people.push(await TestPerson.join({ url: server.url, token: await token.toJwt(), microphone: false }));
    await until(async () => (await assistantsIn()).length === 2, 'there are two');
    for (const each of supervisors) each.participantJoined(room);
    await until(isAttendedBy(assistants[0].lease.identity), 'only the one with the lease is there');
  });

  it('lets assistants stay while Redis is away, and when it comes back empty', async () => {
    const { assistants } = await worker();
    await person('alice');
    await until(() => assistants.length === 1, 'an assistant has the room');
    await until(isAttendedBy(assistants[0].lease.identity), 'it is in the room');
    await redis.pause();
    const pausedAtMs = performance.now();
    await until(() => performance.now() - pausedAtMs > 4_000, 'Redis is away for 4 s');
    await redis.resume();
    await until(() => store.isAttended(room).catch(() => false), 'the assistant has its lease again');
    const resumedAtMs = performance.now();
    await until(() => performance.now() - resumedAtMs > 5_000, 'the supervisors could act again');
    expect(assistants).toHaveLength(1);
    expect(await assistantsIn()).toEqual([assistants[0].lease.identity]);
  });
});
