import { type Clock, type EngineLogger, SYSTEM_CLOCK } from '@parley/engine';
import type { AssignedJob, OfferedJob, WorkerReport } from '../dispatch/dispatch-messages';
import type { AdmissionCounts, WorkerAdmission } from '../dispatch/worker-admission';
import type { DispatchConnection, DispatchHandler } from '../dispatch/worker-connection';
import type { JoinRoom } from './attendee';
import { pause } from '../shared/in-time';
import { RoomCall } from './room-call';
import type { WorkerStore } from './worker-store';

export interface RoomWorkerOptions {
  /** Makes the connection to the media server, which asks the handler. */
  connect: (handler: DispatchHandler) => DispatchConnection;
  admission: WorkerAdmission;
  store: WorkerStore;
  joinRoom: JoinRoom;
  /** Identifies this program among all workers. */
  workerId: string;
  /** Address of the media server, for joining rooms. */
  url: string;
  /** The assistant's name, which people see in the room. */
  assistantName: string;
  logger: EngineLogger;
  clock?: Clock;
}

export interface RoomWorkerResources extends AdmissionCounts {
  isRegistered: boolean;
  isDraining: boolean;
}

/** How often a worker that drains looks whether its calls have ended. */
const DRAIN_POLL_MS = 100;

const identityOf = (jobId: string): string => `agent-${jobId}`;

/** Takes rooms from the media server, and holds the conversations in them. Several rooms in one process. */
export class RoomWorker {
  private readonly calls = new Map<string, { call: RoomCall; done: Promise<void> }>();
  private readonly connection: DispatchConnection;
  private isDraining = false;

  constructor(private readonly options: RoomWorkerOptions) {
    this.connection = options.connect({
      accept: (job) => this.accept(job),
      assign: (job) => this.assign(job),
      terminate: (jobId) => this.terminate(jobId),
      disconnected: () => options.admission.dropReservations(),
      report: () => this.report(),
    });
  }

  start(): void {
    this.connection.start();
  }

  /** Takes no new room. Resolves when all calls have ended, after so many ms, or when `signal` is aborted. The caller then closes the worker. */
  async drain(withinMs: number, signal?: AbortSignal): Promise<void> {
    this.isDraining = true;
    this.options.admission.drain();
    this.connection.reportChanged();
    const { clock = SYSTEM_CLOCK, admission } = this.options;
    const endsAt = clock.now() + withinMs;
    // What was accepted before the drain may still come, for as long as its slot is reserved.
    const mayWait = (): boolean => clock.now() < endsAt && signal?.aborted !== true;
    while (admission.counts.rooms + admission.counts.reserved > 0 && mayWait()) await pause(DRAIN_POLL_MS, signal);
  }

  /** Leaves all rooms. Each of them gets another assistant, who goes on with the conversation. */
  async close(): Promise<void> {
    this.options.admission.drain();
    this.options.admission.dropReservations();
    for (const { call } of this.calls.values()) call.leave('shutdown');
    await Promise.all([...this.calls.values()].map(({ done }) => done));
    this.connection.close();
  }

  resources(): RoomWorkerResources {
    return { ...this.options.admission.counts, isRegistered: this.connection.isRegistered, isDraining: this.isDraining };
  }

  private accept({ jobId }: OfferedJob) {
    if (!this.options.admission.reserve(jobId)) {
      this.options.logger.warn('a room was not taken: this worker is full, draining, or too busy', {
        jobId,
        ...this.options.admission.counts,
      });
      return undefined;
    }
    return { identity: identityOf(jobId), name: this.options.assistantName };
  }

  private assign({ jobId, room, token, metadata, url }: AssignedJob): void {
    if (this.calls.has(jobId)) return;
    if (!this.options.admission.start(jobId)) {
      this.connection.updateJob(jobId, 'failed', 'the worker is full');
      return;
    }
    const { workerId, store, joinRoom, logger, clock = SYSTEM_CLOCK } = this.options;
    const call = new RoomCall({
      job: { jobId, room, token, metadata, url: url ?? this.options.url, identity: identityOf(jobId) },
      workerId,
      store,
      joinRoom,
      clock,
      logger,
      onJoined: () => this.connection.updateJob(jobId, 'running'),
    });
    this.calls.set(jobId, { call, done: this.attend(jobId, call) });
    this.connection.reportChanged();
  }

  private async attend(jobId: string, call: RoomCall): Promise<void> {
    const result = await call.attend();
    this.calls.delete(jobId);
    this.options.admission.end(jobId);
    this.connection.updateJob(jobId, result.outcome, result.outcome === 'failed' ? result.error : undefined);
    this.connection.reportChanged();
  }

  private terminate(jobId: string): void {
    const running = this.calls.get(jobId);
    if (running) running.call.leave('terminated');
    else this.options.admission.end(jobId);
  }

  private report(): WorkerReport {
    const { isFull, load, counts } = this.options.admission;
    return { isFull, load, rooms: counts.rooms };
  }
}
