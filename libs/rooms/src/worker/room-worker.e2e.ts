import { SYSTEM_CLOCK } from '@parley/engine';
import { RecordingLogger } from '@parley/engine/testing';
import { AgentDispatchClient } from 'livekit-server-sdk';
import { WorkerAdmission } from '../dispatch/worker-admission';
import { WorkerConnection } from '../dispatch/worker-connection';
import { MemoryRoomStore } from '../store/memory-room-store';
import { LiveKitServer } from '../testing/livekit-server';
import { until } from '../testing/until';
import { RoomWorker } from './room-worker';
import { FakeAttendees } from './testing/fake-attendees';

/** The rooms of these tests have a real media server, and assistants that are only on the list. */
describe('RoomWorker with a real media server', () => {
  let server: LiveKitServer;
  let dispatch: AgentDispatchClient;
  let store: MemoryRoomStore;
  let workers: { worker: RoomWorker; rooms: FakeAttendees; connection: WorkerConnection }[] = [];

  beforeEach(async () => {
    server = await LiveKitServer.start();
    dispatch = new AgentDispatchClient(server.httpUrl, server.apiKey, server.apiSecret);
    store = new MemoryRoomStore();
  });
  afterEach(async () => {
    for (const { worker } of workers) await worker.close();
    workers = [];
    await store.close();
    await server.stop();
  });

  async function start(slots: number): Promise<(typeof workers)[number]> {
    const rooms = new FakeAttendees();
    const logger = new RecordingLogger();
    const { httpUrl: url, apiKey, apiSecret } = server;
    const made: WorkerConnection[] = [];
    const worker = new RoomWorker({
      connect: (handler) => {
        const connection = new WorkerConnection({ url, apiKey, apiSecret, agentName: 'parley', version: '0', logger }, handler);
        made.push(connection);
        return connection;
      },
      admission: new WorkerAdmission({ slots, clock: SYSTEM_CLOCK, eventLoopDelayMs: () => 0 }),
      store,
      joinRoom: rooms.join,
      workerId: `worker-${workers.length}`,
      url,
      assistantName: 'Parley',
      logger,
    });
    worker.start();
    await until(() => worker.resources().isRegistered, 'the registration');
    const started = { worker, rooms, connection: made[0] };
    workers.push(started);
    return started;
  }

  const open = async (...names: string[]): Promise<void> => {
    for (const name of names) await dispatch.createDispatch(name, 'parley');
  };
  const named = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, room) => `${prefix}-${room}`);
  const attended = (): number => workers.reduce((sum, { rooms }) => sum + rooms.present.length, 0);

  it('shares the rooms with another worker', async () => {
    const [first, second] = [await start(8), await start(8)];
    await open(...named('room', 12));
    await until(() => attended() === 12, 'all rooms');
    // The server draws lots by load; that all twelve fall on one side is impossible with eight slots.
    expect(Math.min(first.rooms.present.length, second.rooms.present.length)).toBeGreaterThanOrEqual(4);
  });

  it('never has more rooms than slots, also when all of them come at once', async () => {
    const [first, second] = [await start(2), await start(3)];
    await Promise.all(named('room', 12).map((name) => open(name)));
    await until(() => attended() === 5, 'full workers');
    expect(first.rooms.all).toHaveLength(2);
    expect(second.rooms.all).toHaveLength(3);
    first.rooms.all[0].end('empty');
    await until(async () => {
      await open(`later-${first.rooms.all.length}`);
      return first.rooms.all.length === 3;
    }, 'another room in the free slot');
  });

  it('drains: its calls go on, and new rooms go to the other worker', async () => {
    const leaving = await start(8);
    await open(...named('old', 3));
    await until(() => attended() === 3, 'the first rooms');
    let isDrained = false;
    const drained = leaving.worker.drain(600_000).then(() => (isDrained = true));
    const staying = await start(8);
    await open(...named('new', 4));
    await until(() => staying.rooms.present.length === 4, 'the new rooms');
    expect([leaving.rooms.present.length, isDrained]).toEqual([3, false]);
    for (const attendee of leaving.rooms.present) attendee.end('empty');
    await drained;
    expect(leaving.rooms.all).toHaveLength(3);
  });

  it('goes on with its calls when the media server is restarted, and takes new ones from it', async () => {
    const { worker, rooms } = await start(8);
    await open('old');
    await until(() => attended() === 1, 'the first room');
    await server.restart();
    await until(() => worker.resources().isRegistered, 'the registration');
    await open('new');
    await until(() => attended() === 2, 'both rooms');
    expect(rooms.present.map(({ job }) => job.room)).toEqual(['old', 'new']);
  });

  it('leaves a room whose dispatch is deleted, and its lease with it', async () => {
    const { rooms } = await start(8);
    const { id } = await dispatch.createDispatch('lobby', 'parley');
    await until(() => attended() === 1, 'the room');
    await dispatch.deleteDispatch(id, 'lobby');
    await until(() => attended() === 0, 'the end');
    expect(rooms.all[0].left).toEqual(['terminated']);
    await until(async () => !(await store.isAttended('lobby')), 'the lease');
    expect(await store.lostRooms()).toEqual([]);
  });

  it('attends a room once although two jobs are dispatched into it', async () => {
    await start(8);
    await start(8);
    await open('lobby', 'lobby');
    await until(() => attended() === 1, 'the room');
    await until(() => workers.every(({ worker }) => worker.resources().reserved === 0), 'the second job');
    await until(() => workers.reduce((sum, { worker }) => sum + worker.resources().rooms, 0) === 1, 'the refusal');
    expect(workers.flatMap(({ rooms }) => rooms.all)).toHaveLength(1);
  });

  it('leaves the rooms of a worker that ends to another one, who goes on with the memory', async () => {
    const first = await start(8);
    await open('lobby');
    await until(() => attended() === 1, 'the room');
    first.rooms.all[0].turn(5);
    await first.worker.close();
    const [lost] = await store.lostRooms();
    expect(lost).toMatchObject({ room: 'lobby', lease: { workerId: 'worker-0' } });
    const second = await start(8);
    await store.claimDispatch('lobby', { type: 'silent', lease: lost.lease });
    await open('lobby');
    await until(() => second.rooms.present.length === 1, 'the other assistant');
    expect(second.rooms.all[0].memory).toMatchObject({ turn: 5 });
  });
});
