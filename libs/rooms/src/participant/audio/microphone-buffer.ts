import { FRAME_SAMPLES } from '@parley/engine';
import { levelOf } from './level';

/** So many frames are kept ready, because they arrive a little earlier or later than they are taken. */
const READY_FRAMES = 2;
/** More than this is a delay that nobody wants. Quiet frames are left out then. */
const MUCH_FRAMES = 15;
/** A delay that has never been shorter in this many frames stays unless something is done: it comes from a moment in which the process was busy. */
const STANDING_FRAMES = 50;
/** A second. Whoever is further behind loses the oldest. */
const MAX_FRAMES = 50;
const QUIET_LEVEL = 200;
/** For so long sound that is late is waited for: a gap in the middle of a word makes another word of it. */
export const MAX_WAIT_MS = 200;

/** What has arrived of one person's microphone and was not taken yet, in frames of 20 ms (16 kHz, mono). */
export class MicrophoneBuffer {
  private frames: Int16Array[] = [];
  private rest: Int16Array = new Int16Array(0);
  private isReady = false;
  /** The fewest frames that were left since the last look, and how many were taken meanwhile. */
  private leastLeft = Infinity;
  private takenSince = 0;
  /** How many frames are there all the time without being needed. */
  private standing = 0;
  /** Since when the next frame has been waited for. */
  private drySinceMs: number | undefined;

  /** PCM of any length. It is copied. */
  push(pcm: Int16Array): void {
    const all = new Int16Array(this.rest.length + pcm.length);
    all.set(this.rest);
    all.set(pcm, this.rest.length);
    let start = 0;
    for (; start + FRAME_SAMPLES <= all.length; start += FRAME_SAMPLES) this.frames.push(all.subarray(start, start + FRAME_SAMPLES));
    this.rest = all.subarray(start);
    if (this.frames.length > MAX_FRAMES) this.frames.splice(0, this.frames.length - MAX_FRAMES);
  }

  /** Whether the next frame should be waited for: sound arrived until a moment ago. */
  isAwaited(nowMs: number): boolean {
    if (!this.isReady || this.frames.length > 0) {
      this.drySinceMs = undefined;
      return false;
    }
    this.drySinceMs ??= nowMs;
    return nowMs - this.drySinceMs < MAX_WAIT_MS;
  }

  /** The next frame. Undefined if nothing has arrived in time, and then until enough has arrived again. */
  take(): Int16Array | undefined {
    this.isReady ||= this.frames.length >= READY_FRAMES;
    if (!this.isReady) return undefined;
    const frame = this.frames.shift();
    if (frame === undefined) this.isReady = false;
    else if (this.isBehind() && levelOf(frame) < QUIET_LEVEL) {
      this.standing = Math.max(0, this.standing - 1);
      return this.frames.shift();
    }
    return frame;
  }

  private isBehind(): boolean {
    this.leastLeft = Math.min(this.leastLeft, this.frames.length);
    this.takenSince += 1;
    if (this.takenSince >= STANDING_FRAMES) {
      this.standing = Math.max(0, this.leastLeft - READY_FRAMES);
      this.leastLeft = Infinity;
      this.takenSince = 0;
    }
    return this.standing > 0 || this.frames.length > MUCH_FRAMES;
  }

  clear(): void {
    this.frames = [];
    this.rest = new Int16Array(0);
    this.isReady = false;
    this.drySinceMs = undefined;
    this.leastLeft = Infinity;
    this.takenSince = 0;
    this.standing = 0;
  }
}
