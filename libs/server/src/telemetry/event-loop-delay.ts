import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is looked at, in ms. Even an idle one is measured as this late. */
const RESOLUTION_MS = 10;
/** How long is measured before a new figure replaces the one before. */
const WINDOW_MS = 1_000;
/** A single pause, such as a collection of garbage, does not make a process overloaded. */
const PERCENTILE = 90;
const NS_PER_MS = 1e6;

/** Measures by how much the timers of this process are late. */
export class EventLoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly timer: NodeJS.Timeout;
  private lastMs = 0;

  constructor() {
    this.histogram.enable();
    this.timer = setInterval(() => this.turnOver(), WINDOW_MS);
    this.timer.unref();
  }

  /** The delay in the last second that was measured, in ms: nine of ten timers were late by less. */
  get currentMs(): number {
    return this.lastMs;
  }

  close(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  private turnOver(): void {
    this.lastMs = Math.max(0, this.histogram.percentile(PERCENTILE) / NS_PER_MS - RESOLUTION_MS);
    this.histogram.reset();
  }
}
