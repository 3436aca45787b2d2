import { audioRateFor, NARRATION_RATES, type NarrationRate } from '@parley/narration';
import { LineSpeed } from './line-speed';

/** After this long without anything waiting, a better rate is tried. Doubled whenever it turns out to be too much. Milliseconds. */
const FIRST_TRIAL_MS = 10_000;
const LAST_TRIAL_MS = 160_000;

/** Chooses the sample rate of speech that a client's line can carry: the agreed one, or a lower one of `NARRATION_RATES`. */
export class LineRate {
  private readonly speed: LineSpeed;
  private currentHz: number;
  private calmSinceMs: number | undefined;
  private trialMs = FIRST_TRIAL_MS;
  private isTrial = false;

  constructor(
    private readonly agreedHz: number,
    private readonly now: () => number,
  ) {
    this.speed = new LineSpeed(now);
    this.currentHz = agreedHz;
  }

  sent(bytes: number): void {
    this.speed.sent(bytes);
  }

  /** The rate in Hz for what is sent next, with the bytes that wait to be sent now. */
  next(waitingBytes: number): number {
    const speed = this.speed.look(waitingBytes);
    if (speed !== undefined) this.measured(speed);
    if (waitingBytes > 0) this.calmSinceMs = undefined;
    else this.calm();
    return this.currentHz;
  }

  private measured(bytesPerSecond: number): void {
    const before = this.currentHz;
    this.currentHz = Math.min(this.agreedHz, audioRateFor(bytesPerSecond, this.asNarrationRate(before)));
    if (this.currentHz >= before) return;
    if (this.isTrial) this.trialMs = Math.min(this.trialMs * 2, LAST_TRIAL_MS);
    this.isTrial = false;
  }

  /** Nothing waits, so the line carries more than is sent, and only a trial tells how much. */
  private calm(): void {
    const nowMs = this.now();
    this.calmSinceMs ??= nowMs;
    if (this.currentHz >= this.agreedHz || nowMs - this.calmSinceMs < this.trialMs) return;
    this.currentHz = Math.min(this.agreedHz, NARRATION_RATES.findLast((rate) => rate > this.currentHz) ?? this.agreedHz);
    this.calmSinceMs = nowMs;
    this.isTrial = true;
  }

  /** The lowest of the rates that is no lower: an agreed rate need not be one of them. */
  private asNarrationRate(rateHz: number): NarrationRate {
    return NARRATION_RATES.findLast((rate) => rate >= rateHz) ?? NARRATION_RATES[0];
  }
}
