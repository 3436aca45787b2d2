import { FRAME_MS } from '@parley/protocol';
import { Caller } from './caller';

const SLOT_MS = 2;
const SLOTS = FRAME_MS / SLOT_MS;
const HEARTBEAT_EVERY_FRAMES = 50;
const CONNECTING_AT_ONCE = 20;

/** Many callers at once, evenly spread over the 20 ms of a frame and over the cycle of their script. */
export class Load {
  private readonly slots: { caller: Caller; offset: number }[][] = Array.from({ length: SLOTS }, () => []);
  private timer: NodeJS.Timeout | undefined;
  private startedAtMs = 0;
  private ticks = 0;

  private constructor(
    private readonly callers: readonly Caller[],
    private readonly frames: readonly Uint8Array[],
  ) {
    callers.forEach((caller, index) => {
      const offset = Math.floor((index * frames.length) / callers.length);
      this.slots[index % SLOTS]?.push({ caller, offset });
    });
  }

  static async start(url: string, sessions: number, frames: readonly Uint8Array[]): Promise<Load> {
    const callers: Caller[] = [];
    while (callers.length < sessions) {
      const group = Math.min(CONNECTING_AT_ONCE, sessions - callers.length);
      callers.push(...(await Promise.all(Array.from({ length: group }, () => Caller.start(url)))));
    }
    return new Load(callers, frames);
  }

  /** Opens the microphones of all callers. */
  open(): void {
    this.startedAtMs = performance.now();
    this.timer = setInterval(() => this.tick(), 1);
  }

  /** The figures since the last call. */
  takeFigures(): { heartbeatsMs: number[]; speechMs: number; answers: number; errors: number } {
    const figures = { heartbeatsMs: [] as number[], speechMs: 0, answers: 0, errors: 0 };
    for (const caller of this.callers) {
      figures.heartbeatsMs.push(...caller.heartbeatsMs.splice(0));
      figures.speechMs += caller.speechMs;
      figures.answers += caller.answers;
      figures.errors += caller.errors;
      caller.speechMs = caller.answers = caller.errors = 0;
    }
    return figures;
  }

  stop(): void {
    clearInterval(this.timer);
    for (const caller of this.callers) caller.stop();
  }

  /** Sends what is due by the clock, whatever the timer's delay. */
  private tick(): void {
    const nowMs = performance.now();
    for (const due = Math.floor((nowMs - this.startedAtMs) / SLOT_MS); this.ticks < due; this.ticks++) this.sendSlot(nowMs);
  }

  private sendSlot(nowMs: number): void {
    const slot = this.ticks % SLOTS;
    const frame = Math.floor(this.ticks / SLOTS);
    for (const { caller, offset } of this.slots[slot] ?? []) {
      const at = frame + offset;
      const bytes = this.frames[at % this.frames.length];
      if (bytes) caller.push(bytes);
      if (at % HEARTBEAT_EVERY_FRAMES === 0) caller.askHeartbeat();
      caller.play(nowMs);
    }
  }
}
