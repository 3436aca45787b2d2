import { pass, RecordingLogger } from '@parley/engine/testing';
import type { Acceptance, JobOutcome } from '../../dispatch/dispatch-messages';
import { WorkerAdmission } from '../../dispatch/worker-admission';
import type { DispatchConnection, DispatchHandler } from '../../dispatch/worker-connection';
import type { RoomLease } from '../../store/room-store';
import { RoomWorker } from '../room-worker';
import { FakeAttendees } from './fake-attendees';
import { FaultyRoomStore } from './faulty-room-store';

/** A room worker whose media server, store and rooms are the test's. */
export class TestWorker {
  readonly store: FaultyRoomStore;
  readonly rooms = new FakeAttendees();
  readonly logger = new RecordingLogger();
  /** How jobs went, in the order in which the media server was told. */
  readonly outcomes: string[] = [];
  readonly worker: RoomWorker;
  reports = 0;
  isClosed = false;
  /** For how long the process was stopped so far, in ms. */
  private stoppedMs = 0;
  private handler: DispatchHandler | undefined;

  constructor(slots = 4) {
    const clock = { now: () => performance.now() + this.stoppedMs };
    this.store = new FaultyRoomStore(clock.now);
    this.worker = new RoomWorker({
      connect: (handler) => this.connectTo(handler),
      admission: new WorkerAdmission({ slots, clock, eventLoopDelayMs: () => 0 }),
      store: this.store,
      joinRoom: this.rooms.join,
      workerId: 'w1',
      url: 'ws://media.test',
      assistantName: 'Parley',
      logger: this.logger,
      clock,
    });
    this.worker.start();
  }

  /** The media server's side. */
  get server(): DispatchHandler {
    if (!this.handler) throw new Error('not connected');
    return this.handler;
  }

  offer(jobId: string, room = 'lobby'): Acceptance | undefined {
    return this.server.accept({ jobId, room, metadata: '' });
  }

  assign(jobId: string, room = 'lobby', metadata = ''): void {
    this.server.assign({ jobId, room, metadata, token: `token of ${jobId}`, url: undefined });
  }

  give(jobId: string, room = 'lobby'): void {
    if (this.offer(jobId, room)) this.assign(jobId, room);
  }

  /** The process was stopped for so long, and goes on now. */
  wasStoppedFor(ms: number): void {
    this.stoppedMs += ms;
  }

  /** The lease of an assistant that had the room before. */
  async lostAssistant(room = 'lobby'): Promise<RoomLease> {
    const lease = { room, jobId: 'before', identity: 'agent-before', workerId: 'lost' };
    await this.store.known.acquireLease(lease);
    return lease;
  }

  /** Ends everything that a test has left open, on virtual time. */
  async end(): Promise<void> {
    for (const { fail } of this.rooms.waiting) fail();
    this.store.hangs = false;
    this.store.isAway = false;
    const closed = this.worker.close();
    await pass(6_000);
    await closed;
  }

  private connectTo(handler: DispatchHandler): DispatchConnection {
    this.handler = handler;
    return {
      start: () => undefined,
      isRegistered: true,
      reportChanged: () => void this.reports++,
      updateJob: (jobId: string, outcome: JobOutcome, error?: string) =>
        void this.outcomes.push(error === undefined ? `${jobId} ${outcome}` : `${jobId} ${outcome}: ${error}`),
      close: () => void (this.isClosed = true),
    };
  }
}
