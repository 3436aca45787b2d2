import { MARKS, type FrameMark } from './marked-frame';

/** The delays of one run, in milliseconds. */
export interface RelayDelays {
  /** Microphone frame at the caller → at the agent. */
  up: number[];
  /** Speech at the agent → at the caller. */
  down: number[];
  /** The agent's interruption → the caller's. */
  interruption: number[];
}

/** Both ends of the relay are in one process, so that one clock times them. */
export class RelayClock {
  readonly delays: RelayDelays = { up: [], down: [], interruption: [] };
  private readonly framesSentAtMs = new Map<number, number>();
  private readonly speechSentAtMs = new Map<number, number[]>();
  private readonly interruptedAtMs = new Map<number, number>();

  frameSent(mark: FrameMark): void {
    this.framesSentAtMs.set(keyOf(mark), performance.now());
  }

  frameArrived(mark: FrameMark): void {
    const key = keyOf(mark);
    this.take(this.delays.up, this.framesSentAtMs.get(key));
    this.framesSentAtMs.delete(key);
  }

  /** Speech arrives in the order in which it was sent, in as many pieces. */
  speechSent(caller: number): void {
    const waiting = this.speechSentAtMs.get(caller) ?? [];
    waiting.push(performance.now());
    this.speechSentAtMs.set(caller, waiting);
  }

  speechArrived(caller: number): void {
    this.take(this.delays.down, this.speechSentAtMs.get(caller)?.shift());
  }

  interruptionSent(caller: number): void {
    this.interruptedAtMs.set(caller, performance.now());
  }

  interruptionArrived(caller: number): void {
    this.take(this.delays.interruption, this.interruptedAtMs.get(caller));
    this.interruptedAtMs.delete(caller);
  }

  /** Drops the delays so far, which are from before the measured time. */
  restart(): void {
    for (const delays of Object.values(this.delays)) delays.length = 0;
  }

  private take(delays: number[], sinceMs: number | undefined): void {
    if (sinceMs !== undefined) delays.push(performance.now() - sinceMs);
  }
}

const keyOf = ({ caller, seq }: FrameMark): number => caller * MARKS + seq;
