import type { LoadLimits } from '@parley/server';

/** The load of this process in one second. */
export interface LoadSample {
  /** By how much timers were late, in ms. */
  eventLoopDelayMs: number;
  /** Share of one core that was used; more than 1 when several threads worked. */
  cpu: number;
  /** Share of the memory that the process may have, 0 to 1. */
  memory: number;
}

/** So many samples in a row must be above a limit, or far enough below all of them: a single pause says nothing. */
const SAMPLES = 3;
/** The server is free again when every figure is below this share of its limit, so that it does not change its mind every second. */
const FREE_BELOW = 0.8;
/** What one conversation takes of a core: less than was ever measured on a slow machine, so that it holds back only a rush. */
const CPU_PER_START = 0.004;
/** What a rush may take of a core, whatever the last sample says: fifty conversations. */
const RUSH = 0.2;

/**
 * Decides by the measured load whether anything new may begin. What begins shows in the load only seconds later, so in a rush the starts of the
 * last seconds are added to it; otherwise hundreds would be let in before the first of them could be measured.
 */
export class LoadDecision {
  private isBusyNow = false;
  private above = 0;
  private below = 0;
  private cpu = 0;
  /** Starts since each of the last samples, the newest first. */
  private recentStarts = Array.from({ length: SAMPLES }, () => 0);

  constructor(private readonly limits: LoadLimits) {}

  /** Whether the measured load is too high. */
  get isBusy(): boolean {
    return this.isBusyNow;
  }

  /** To be called once a second. */
  take(sample: LoadSample): void {
    const shares = this.sharesOf(sample);
    this.above = shares.some((share) => share >= 1) ? this.above + 1 : 0;
    this.below = shares.every((share) => share < FREE_BELOW) ? this.below + 1 : 0;
    if (this.above >= SAMPLES) this.isBusyNow = true;
    else if (this.below >= SAMPLES) this.isBusyNow = false;
    this.cpu = sample.cpu;
    this.recentStarts = [0, ...this.recentStarts.slice(0, SAMPLES - 1)];
  }

  /** Whether something may begin now. If it may, it counts as begun. */
  admit(): boolean {
    if (this.isBusyNow || this.isRush()) return false;
    this.recentStarts[0] = (this.recentStarts[0] ?? 0) + 1;
    return true;
  }

  /** Each figure as a share of its limit. */
  private sharesOf(sample: LoadSample): number[] {
    const names = ['eventLoopDelayMs', 'cpu', 'memory'] as const;
    return names.flatMap((name) => {
      const limit = this.limits[name];
      return limit === undefined ? [] : [sample[name] / limit];
    });
  }

  private isRush(): boolean {
    const { cpu } = this.limits;
    if (cpu === undefined) return false;
    const begun = this.recentStarts.reduce((sum, starts) => sum + starts, 0);
    return (begun + 1) * CPU_PER_START > Math.max(cpu - this.cpu, RUSH);
  }
}
