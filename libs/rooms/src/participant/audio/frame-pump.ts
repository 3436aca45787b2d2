import { FrameClock } from './frame-clock';

export interface FramePumpOptions {
  now: () => number;
  /** The next 20 ms are due. `waits`: their sound has not arrived yet, so they stay due. Must not throw. */
  onFrame: () => 'given' | 'waits';
}

/** How soon sound that has not arrived is asked for again. */
const ASK_AGAIN_MS = 5;

/** Asks for one frame for every 20 ms of real time. Whoever starts it must stop it. */
export class FramePump {
  private readonly clock: FrameClock;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly options: FramePumpOptions) {
    this.clock = new FrameClock(options.now());
  }

  start(): void {
    this.schedule(this.clock.dueInMs(this.options.now()));
  }

  /** Idempotent. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(inMs: number): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      // What has arrived while the process was busy is received before it is missed.
      setImmediate(() => {
        const waits = this.giveDue() === 'waits';
        this.schedule(waits ? ASK_AGAIN_MS : this.clock.dueInMs(this.options.now()));
      });
    }, inMs);
  }

  private giveDue(): 'given' | 'waits' {
    while (!this.isStopped && this.clock.isDue(this.options.now())) {
      if (this.options.onFrame() === 'waits') return 'waits';
      this.clock.count();
    }
    return 'given';
  }
}
