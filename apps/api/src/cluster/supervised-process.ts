import { type FromProcess, isOurs, type ToProcess } from './messages';

/** A child process with a channel, as `cluster.fork()` makes it. */
export interface ForkedProcess {
  readonly id: number;
  isConnected(): boolean;
  send(message: ToProcess, callback: (error: Error | null) => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number | null, signal: string | null) => void): unknown;
  readonly process: { readonly pid?: number | undefined; kill(signal: 'SIGKILL'): unknown };
}

export interface ProcessListener {
  message(message: FromProcess): void;
  exited(code: number | null, signal: string | null): void;
}

/** How often a process is asked whether it is alive, and how often in a row it may not answer. */
const PING_MS = 2_000;
const MOST_MISSED = 15;
/** What loading everything may take, also on a busy machine. */
const MOST_PINGS_BEFORE_READY = 90;

/** One process under the supervisor. A process that hangs is killed; asked for in numbers and not by a clock, so that a machine that slept is no reason. */
export class SupervisedProcess {
  readonly id: number;
  readonly startedAtMs = performance.now();
  isReady = false;
  private missed = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly forked: ForkedProcess,
    listener: ProcessListener,
  ) {
    this.id = forked.id;
    this.timer = setInterval(() => this.ping(), PING_MS);
    forked.on('message', (message) => {
      if (!isOurs(message)) return;
      this.missed = 0;
      const told = message as FromProcess;
      if (told.parley === 'ready') this.isReady = true;
      listener.message(told);
    });
    forked.on('exit', (code, signal) => {
      clearInterval(this.timer);
      listener.exited(code, signal);
    });
  }

  get pid(): number | undefined {
    return this.forked.process.pid;
  }

  /** A process that has just ended gets nothing. */
  tell(message: ToProcess): void {
    if (this.forked.isConnected()) this.forked.send(message, () => undefined);
  }

  kill(): void {
    this.forked.process.kill('SIGKILL');
  }

  private ping(): void {
    this.missed += 1;
    if (this.missed > (this.isReady ? MOST_MISSED : MOST_PINGS_BEFORE_READY)) this.kill();
    else if (this.isReady) this.tell({ parley: 'ping' });
  }
}
