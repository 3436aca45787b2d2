import type { EngineLogger } from '@parley/engine';
import type { Acceptance, AssignedJob, JobOutcome, OfferedJob, WorkerReport } from './dispatch-messages';
import { ReconnectDelay } from './reconnect-delay';
import { availability, jobStatus, registration, workerStatus } from './worker-messages';
import { type SocketEnd, SOCKET_TIMING, type SocketTiming, WorkerSocket } from './worker-socket';
import { workerToken, workerUrl } from './worker-token';

/** What a worker does with what the media server asks of it. No method may throw, and none may wait. */
export interface DispatchHandler {
  /** Whether the worker takes the job. The media server waits for the answer, and gives up after three seconds. Undefined refuses. */
  accept(job: OfferedJob): Acceptance | undefined;
  /** The job has come. */
  assign(job: AssignedJob): void;
  /** The job is over: its room was deleted, or the assistant was removed. */
  terminate(jobId: string): void;
  /** What was accepted on this connection and not assigned will not come. Jobs that are running go on. */
  disconnected(): void;
  report(): WorkerReport;
}

/** The worker's side of a connection to the media server. `WorkerConnection` is the one over the network. */
export interface DispatchConnection {
  start(): void;
  /** Whether the media server knows this worker at the moment. */
  readonly isRegistered: boolean;
  /** To be called when the report has changed. It is also sent every 2.5 s. */
  reportChanged(): void;
  /** `error` says in constant words why a job failed. */
  updateJob(jobId: string, outcome: JobOutcome, error?: string): void;
  close(): void;
}

export interface WorkerConnectionOptions {
  /** Address of the media server. */
  url: string;
  apiKey: string;
  apiSecret: string;
  agentName: string;
  version: string;
  logger: EngineLogger;
  /** The media server knows this worker from now on, by this id. */
  onRegistered?: (workerId: string) => void;
  timing?: Partial<SocketTiming>;
}

const REPORT_MS = 2_500;
/** A connection that ends sooner than this does not count as one that has worked. */
const STABLE_MS = 1_000;

/** Registers a worker at the media server, and does so again whenever the connection is lost. */
export class WorkerConnection implements DispatchConnection {
  private readonly delay = new ReconnectDelay();
  private socket: WorkerSocket | undefined;
  private reportTimer: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private registeredAt: number | undefined;
  private isClosed = false;
  /** The last failure that was logged, so that a server that is away for an hour fills one line. */
  private reported: string | undefined;

  constructor(
    private readonly options: WorkerConnectionOptions,
    private readonly handler: DispatchHandler,
  ) {}

  get isRegistered(): boolean {
    return this.registeredAt !== undefined;
  }

  start(): void {
    this.reportTimer = setInterval(() => this.reportChanged(), REPORT_MS);
    this.retry();
  }

  reportChanged(): void {
    if (this.isRegistered) this.socket?.send(workerStatus(this.handler.report()));
  }

  updateJob(jobId: string, outcome: JobOutcome, error?: string): void {
    if (this.isRegistered) this.socket?.send(jobStatus(jobId, outcome, error));
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.reportTimer);
    clearTimeout(this.retryTimer);
    this.socket?.close();
  }

  private retry(): void {
    if (this.isClosed) return;
    // An attempt that cannot even begin is one that failed.
    const attempt = () => void this.connect().catch(() => this.ended({ why: 'unreachable', code: undefined }));
    this.retryTimer = setTimeout(attempt, this.delay.next());
  }

  private async connect(): Promise<void> {
    const { url, apiKey, apiSecret, agentName, version, timing } = this.options;
    const token = await workerToken(apiKey, apiSecret);
    if (this.isClosed) return;
    const socket = new WorkerSocket({
      url: workerUrl(url),
      token,
      registration: registration(agentName, version),
      timing: { ...SOCKET_TIMING, ...timing },
      onRegistered: (workerId) => this.registered(workerId),
      onMessage: (message) => {
        switch (message.type) {
          case 'availability':
            socket.send(availability(message.jobId, message.job && this.handler.accept(message.job)));
            return this.reportChanged();
          case 'assignment':
            if (message.job) return this.handler.assign(message.job);
            socket.send(jobStatus(message.jobId, 'failed', 'the assignment cannot be read'));
            return this.handler.terminate(message.jobId);
          case 'termination':
            return this.handler.terminate(message.jobId);
        }
      },
      onEnded: (end) => this.ended(end),
    });
    this.socket = socket;
  }

  private registered(workerId: string): void {
    this.registeredAt = performance.now();
    this.reported = undefined;
    this.options.onRegistered?.(workerId);
    this.reportChanged();
  }

  private ended(end: SocketEnd): void {
    const wasRegistered = this.registeredAt !== undefined;
    if (this.registeredAt !== undefined && performance.now() - this.registeredAt >= STABLE_MS) this.delay.reset();
    this.registeredAt = undefined;
    this.socket = undefined;
    if (this.isClosed) return;
    this.log(end);
    if (wasRegistered) this.handler.disconnected();
    this.retry();
  }

  private log(end: SocketEnd): void {
    const line = JSON.stringify(end);
    if (line === this.reported) return;
    this.reported = line;
    if (end.why === 'refused' && end.status === 401) {
      this.options.logger.error('the media server refuses LIVEKIT_API_KEY or LIVEKIT_API_SECRET', {});
    } else {
      this.options.logger.warn('no connection to the media server, trying again', { ...end });
    }
  }
}
