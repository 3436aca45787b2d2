import { setTimeout as sleep } from 'node:timers/promises';
import { JobStatus, JobType, WorkerStatus } from '@livekit/protocol';
import { RecordingLogger } from '@parley/engine/testing';
import { until } from '../testing/until';
import type { AssignedJob, OfferedJob, WorkerReport } from './dispatch-messages';
import { StrictMediaServer } from './testing/strict-media-server';
import { type DispatchHandler, WorkerConnection, type WorkerConnectionOptions } from './worker-connection';

const KEYS = { apiKey: 'key-of-the-test', apiSecret: 'secret-of-the-test-secret-of-the-test' };

const LONGER_THAN_ANY_RETRY_MS = 1_200;

class Handler implements DispatchHandler {
  readonly offers: OfferedJob[] = [];
  readonly assigned: AssignedJob[] = [];
  readonly terminated: string[] = [];
  disconnects = 0;
  accepts = true;
  state: WorkerReport = { isFull: false, load: 0, rooms: 0 };

  accept(job: OfferedJob) {
    this.offers.push(job);
    return this.accepts ? { identity: `agent-${job.jobId}`, name: 'Parley' } : undefined;
  }
  assign = (job: AssignedJob): void => void this.assigned.push(job);
  terminate = (jobId: string): void => void this.terminated.push(jobId);
  disconnected = (): void => void this.disconnects++;
  report = (): WorkerReport => this.state;
}

describe('WorkerConnection', () => {
  let server: StrictMediaServer;
  let handler: Handler;
  let logger: RecordingLogger;
  let connection: WorkerConnection | undefined;

  beforeEach(async () => {
    server = await StrictMediaServer.start(KEYS);
    handler = new Handler();
    logger = new RecordingLogger();
  });
  afterEach(async () => {
    connection?.close();
    await server.stop();
  });

  function start(options: Partial<WorkerConnectionOptions> = {}): WorkerConnection {
    connection = new WorkerConnection(
      { url: options.url ?? server.url, ...KEYS, agentName: 'parley', version: '1.2.3', logger, ...options },
      handler,
    );
    connection.start();
    return connection;
  }

  it('registers as a worker for rooms and reports its state at once', async () => {
    handler.state = { isFull: true, load: 0.69, rooms: 3 };
    start();
    const worker = await server.worker();
    await worker.untilSaid('updateWorker');
    expect(worker.of('register')).toMatchObject([{ type: JobType.JT_ROOM, agentName: 'parley', version: '1.2.3' }]);
    expect(worker.of('updateWorker')[0]).toMatchObject({ status: WorkerStatus.WS_FULL, jobCount: 3 });
    expect(worker.of('updateWorker')[0].load).toBeCloseTo(0.69, 5);
    expect(connection?.isRegistered).toBe(true);
  });

  it('reports its state every two and a half seconds, and whenever it changes', async () => {
    start();
    const worker = await server.worker();
    await worker.untilSaid('updateWorker', 2);
    handler.state = { isFull: false, load: 0.2, rooms: 1 };
    connection?.reportChanged();
    await until(() => worker.of('updateWorker').at(-1)?.jobCount === 1, 'the change');
  });

  it('answers an offer with the identity that the handler gives, and then reports the slot that is taken', async () => {
    start();
    const worker = await server.worker();
    worker.offer('AJ_1', 'the room', '{"engine":"agent"}');
    await worker.untilSaid('availability');
    expect(handler.offers).toEqual([{ jobId: 'AJ_1', room: 'the room', metadata: '{"engine":"agent"}' }]);
    expect(worker.of('availability')).toMatchObject([
      { jobId: 'AJ_1', available: true, participantIdentity: 'agent-AJ_1', participantName: 'Parley' },
    ]);
    await until(() => worker.messages.at(-1)?.case === 'updateWorker', 'the report after the answer');
  });

  it('answers at once when the worker takes no more, so that the server can ask another one', async () => {
    handler.accepts = false;
    start();
    const worker = await server.worker();
    worker.offer('AJ_1');
    await worker.untilSaid('availability');
    expect(worker.of('availability')).toMatchObject([{ jobId: 'AJ_1', available: false }]);
  });

  it('hands over assignments and terminations, and sends how jobs go', async () => {
    const link = start();
    const worker = await server.worker();
    worker.assign('AJ_1', 'the room', 'token-of-the-room');
    worker.send({ message: { case: 'termination', value: { jobId: 'AJ_1' } } as never });
    await until(() => handler.terminated.length > 0, 'the termination');
    expect(handler.assigned).toEqual([{ jobId: 'AJ_1', room: 'the room', metadata: '', token: 'token-of-the-room', url: undefined }]);
    link.updateJob('AJ_1', 'running');
    link.updateJob('AJ_1', 'failed', 'no lease');
    await worker.untilSaid('updateJob', 2);
    expect(worker.of('updateJob')).toMatchObject([
      { jobId: 'AJ_1', status: JobStatus.JS_RUNNING },
      { jobId: 'AJ_1', status: JobStatus.JS_FAILED, error: 'no lease' },
    ]);
  });

  it.each([
    ['a job for a publisher', { id: 'AJ_1', type: JobType.JT_PUBLISHER, room: { name: 'lobby' } }],
    ['a job without a room', { id: 'AJ_1' }],
    ['a room with a name of endless length', { id: 'AJ_1', room: { name: 'r'.repeat(257) } }],
    ['metadata of endless length', { id: 'AJ_1', room: { name: 'lobby' }, metadata: 'm'.repeat(70_000) }],
  ])('refuses %s and keeps the connection', async (_, job) => {
    start();
    const worker = await server.worker();
    worker.send({ message: { case: 'availability', value: { job } } as never });
    await worker.untilSaid('availability');
    expect(worker.of('availability')).toMatchObject([{ jobId: 'AJ_1', available: false }]);
    expect(handler.offers).toEqual([]);
    expect(connection?.isRegistered).toBe(true);
  });

  it.each([
    ['no token', ''],
    ['a token of endless length', 't'.repeat(20_000)],
  ])('reports an assignment with %s as failed and frees its slot', async (_, token) => {
    start();
    const worker = await server.worker();
    worker.assign('AJ_1', 'lobby', token);
    await worker.untilSaid('updateJob');
    expect(worker.of('updateJob')).toMatchObject([{ jobId: 'AJ_1', status: JobStatus.JS_FAILED }]);
    expect(handler.assigned).toEqual([]);
    expect(handler.terminated).toEqual(['AJ_1']);
  });

  it('ignores messages of later versions of the protocol', async () => {
    start();
    const worker = await server.worker();
    worker.socket.send(Buffer.from([0xca, 0x3e, 0x02, 0x08, 0x01]));
    worker.offer('AJ_1');
    await worker.untilSaid('availability');
    expect(server.workers).toHaveLength(1);
  });

  it.each<[what: string, message: string | Buffer]>([
    ['text', '{"register":{}}'],
    ['bytes that are no message', Buffer.from([0x0a, 0xff, 0x01])],
    ['more bytes than any message has', Buffer.alloc(300_000)],
    ['an offer without an id', Buffer.from([0x12, 0x00])],
  ])('leaves a server that sends %s, and registers again', async (_, message) => {
    start();
    (await server.worker()).socket.send(message);
    await server.worker(1);
    await until(() => connection?.isRegistered === true, 'the registration');
    expect(handler.disconnects).toBe(1);
    expect(logger.faults).toEqual([
      { level: 'warn', line: { message: 'no connection to the media server, trying again', why: 'bad_message' } },
    ]);
  });

  it('leaves a server that floods it with messages', async () => {
    start();
    const worker = await server.worker();
    for (let job = 0; job < 5_000; job++) worker.offer(`AJ_${job}`);
    await server.worker(1);
    expect(handler.offers.length).toBeLessThan(5_000);
  });

  it('registers again as soon as the connection is lost', async () => {
    start();
    for (let connections = 0; connections < 3; connections++) {
      const worker = await server.worker(connections);
      await worker.untilSaid('updateWorker');
      worker.socket.terminate();
    }
    await server.worker(3);
    expect(handler.disconnects).toBe(3);
  });

  it('comes back to a server that was away, and logs that only once', async () => {
    start();
    await (await server.worker()).untilSaid('updateWorker');
    const { port } = server;
    await server.stop();
    await until(() => logger.faults.length >= 2, 'attempts that failed');
    await sleep(500);
    server = await StrictMediaServer.start(KEYS, port);
    await server.worker();
    expect(logger.faults).toHaveLength(2);
  });

  it('notices a server that no longer answers although the connection is open', async () => {
    start({ timing: { pingMs: 50 } });
    (await server.worker()).answersPings = false;
    await server.worker(1);
    expect(logger.text).toContain('silent');
  });

  it('notices a server that takes the connection and never confirms the registration', async () => {
    server.confirms = false;
    start({ timing: { openMs: 100 } });
    await server.worker(1);
    server.confirms = true;
    await until(() => connection?.isRegistered === true, 'the registration');
  });

  it('says plainly when its key is refused, without the token that the answer repeats, and goes on trying', async () => {
    start({ apiSecret: 'another-secret-another-secret-another' });
    await until(() => logger.faults.length > 0, 'the refusal');
    expect(logger.faults).toEqual([
      { level: 'error', line: { message: 'the media server refuses LIVEKIT_API_KEY or LIVEKIT_API_SECRET' } },
    ]);
    expect(logger.text).not.toMatch(/eyJ|another-secret/);
    await until(() => server.attempts > 2, 'further attempts');
  });

  it('closes the connection in the orderly way and does not come back', async () => {
    start();
    const worker = await server.worker();
    await worker.untilSaid('updateWorker');
    connection?.close();
    await until(() => worker.closedWith === 1000, 'the close');
    expect(connection?.isRegistered).toBe(false);
    await sleep(LONGER_THAN_ANY_RETRY_MS);
    expect(server.attempts).toBe(1);
    expect(logger.lines).toEqual([]);
  });

  it('stops trying when it is closed while the server is away', async () => {
    const { port, url } = server;
    await server.stop();
    const link = start({ url });
    await until(() => logger.faults.length > 0, 'a failed attempt');
    link.close();
    server = await StrictMediaServer.start(KEYS, port);
    await sleep(LONGER_THAN_ANY_RETRY_MS);
    expect(server.attempts).toBe(0);
  });
});
