import { FrameClock } from './frame-clock';

export interface FramePumpOptions {
  now: () => number;
  /** The next 20 ms are due. Must not throw. */
  onFrame: () => void;
}

/** Asks for one frame for every 20 ms of real time. Whoever starts it must stop it. */
export class FramePump {
  private readonly clock: FrameClock;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly options: FramePumpOptions) {
    this.clock = new FrameClock(options.now());
  }

  start(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      // What has arrived while the process was busy is received before it is missed.
      setImmediate(() => {
        for (let left = this.clock.due(this.options.now()); left > 0 && !this.isStopped; left--) this.options.onFrame();
        this.start();
      });
    }, this.clock.dueInMs(this.options.now()));
  }

  /** Idempotent. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }
}
