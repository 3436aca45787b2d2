import { RecordingLogger } from '@parley/engine/testing';
import { AgentDispatchClient } from 'livekit-server-sdk';
import { LiveKitServer } from '../testing/livekit-server';
import { until } from '../testing/until';
import type { AssignedJob, OfferedJob, WorkerReport } from './dispatch-messages';
import { WorkerConnection } from './worker-connection';

/** A worker that takes what it is offered, and does nothing with it. */
class Worker {
  readonly offers: OfferedJob[] = [];
  readonly jobs: AssignedJob[] = [];
  readonly terminated: string[] = [];
  readonly logger = new RecordingLogger();
  readonly connection: WorkerConnection;
  state: WorkerReport = { isFull: false, load: 0, rooms: 0 };
  accepts = true;
  registrations = 0;

  constructor(server: LiveKitServer, apiSecret = server.apiSecret) {
    this.connection = new WorkerConnection(
      {
        ...{ url: server.httpUrl, apiKey: server.apiKey, apiSecret, agentName: 'parley', version: '0', logger: this.logger },
        onRegistered: () => void this.registrations++,
      },
      {
        accept: (job) => {
          this.offers.push(job);
          return this.accepts ? { identity: `agent-${job.jobId}`, name: 'Parley' } : undefined;
        },
        assign: (job) => void this.jobs.push(job),
        terminate: (jobId) => void this.terminated.push(jobId),
        disconnected: () => undefined,
        report: () => this.state,
      },
    );
    this.connection.start();
  }
}

describe('WorkerConnection with a real media server', () => {
  let server: LiveKitServer;
  let dispatch: AgentDispatchClient;
  const workers: Worker[] = [];

  beforeEach(async () => {
    server = await LiveKitServer.start();
    dispatch = new AgentDispatchClient(server.httpUrl, server.apiKey, server.apiSecret);
  });
  afterEach(async () => {
    for (const { connection } of workers.splice(0)) connection.close();
    await server.stop();
  });

  async function started(count: number): Promise<Worker[]> {
    for (let worker = 0; worker < count; worker++) workers.push(new Worker(server));
    await until(() => workers.every(({ connection }) => connection.isRegistered), 'the registrations');
    return workers;
  }

  it('gets the job of a dispatch, with its metadata and a token for its room', async () => {
    const [worker] = await started(1);
    await dispatch.createDispatch('lobby', 'parley', { metadata: '{"engine":"agent"}' });
    await until(() => worker.jobs.length === 1, 'the job');
    const [job] = worker.jobs;
    expect(job).toMatchObject({ room: 'lobby', metadata: '{"engine":"agent"}', url: undefined });
    const claims = JSON.parse(Buffer.from(job.token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ sub: `agent-${job.jobId}`, name: 'Parley', kind: 'agent', video: { room: 'lobby', agent: true } });
  });

  it('is told that the job is over when the dispatch is deleted', async () => {
    const [worker] = await started(1);
    const { id } = await dispatch.createDispatch('lobby', 'parley');
    await until(() => worker.jobs.length === 1, 'the job');
    worker.connection.updateJob(worker.jobs[0].jobId, 'running');
    await dispatch.deleteDispatch(id, 'lobby');
    await until(() => worker.terminated.includes(worker.jobs[0].jobId), 'the termination');
  });

  it('leaves a room to the next worker by refusing it', async () => {
    const [first, second] = await started(2);
    first.accepts = false;
    for (let room = 0; room < 4; room++) await dispatch.createDispatch(`room-${room}`, 'parley');
    await until(() => second.jobs.length === 4, 'all jobs at the other worker');
    expect(first.jobs).toEqual([]);
  });

  it('is not asked while it says that it is full', async () => {
    const [first, second] = await started(2);
    first.state = { isFull: true, load: 0.69, rooms: 1 };
    first.connection.reportChanged();
    // The report and the dispatches reach the server on different ways, so the first dispatches may still find the old state.
    for (let room = 0; first.offers.length === room; room++) {
      await dispatch.createDispatch(`early-${room}`, 'parley');
      await until(() => first.offers.length + second.jobs.length > room, 'an offer');
      if (room === 3) break;
    }
    const before = first.offers.length;
    for (let room = 0; room < 4; room++) await dispatch.createDispatch(`room-${room}`, 'parley');
    await until(() => second.offers.filter((job) => job.room.startsWith('room-')).length === 4, 'all jobs at the other worker');
    expect(first.offers).toHaveLength(before);
  });

  it('is asked although all of its slots but one are taken', async () => {
    const [worker] = await started(1);
    worker.state = { isFull: false, load: (0.69 * 15) / 16, rooms: 15 };
    worker.connection.reportChanged();
    await dispatch.createDispatch('lobby', 'parley');
    await until(() => worker.jobs.length === 1, 'the job');
  });

  it('registers again when the server was restarted, and gets jobs from it', async () => {
    const [worker] = await started(1);
    await server.restart();
    await until(() => worker.registrations === 2, 'the second registration');
    await dispatch.createDispatch('lobby', 'parley');
    await until(() => worker.jobs.length === 1, 'the job');
  });

  it('notices that the server is frozen, and registers again when it goes on', async () => {
    const [worker] = await started(1);
    server.freeze();
    await until(() => !worker.connection.isRegistered, 'the loss');
    server.thaw();
    await until(() => worker.connection.isRegistered, 'the registration');
    await dispatch.createDispatch('lobby', 'parley');
    await until(() => worker.jobs.length === 1, 'the job');
  });

  it('is refused with another secret, and its log shows no token', async () => {
    const worker = new Worker(server, 'another-secret-another-secret-another');
    workers.push(worker);
    await until(() => worker.logger.faults.length > 0, 'the refusal');
    expect(worker.logger.faults).toEqual([
      { level: 'error', line: { message: 'the media server refuses LIVEKIT_API_KEY or LIVEKIT_API_SECRET' } },
    ]);
    expect(worker.logger.text).not.toMatch(/eyJ|another-secret/);
  });
});
