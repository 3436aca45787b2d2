import type { Fault } from './fault';
import { oversized } from './oversized';

const TRICKLE_EVERY_MS = 1_000;

/** What faults need to know about a frame. */
export interface FrameKind {
  /** True for frames of audio, which are never sent twice. */
  isAudio?: boolean;
  /** How many bytes the frame counts for `afterBytes`. Default: its own length. */
  bytes?: number;
}

/** What a fault can do to a connection or an HTTP answer. */
export interface FaultActions {
  /** Whether a frame may be delivered in part. */
  readonly cutsFrames: boolean;
  deliver(data: string | Buffer, kind: FrameKind): void;
  deliverLate(data: string | Buffer, delayMs: number, kind: FrameKind): void;
  /** Sends bytes one at a time, behind those that are still being sent so. */
  trickle(data: string | Buffer, everyMs: number): void;
  /** Sends the same again and again until the client is gone. */
  repeat(data: string | Buffer, kind: FrameKind): void;
  /** Ends the connection without a close frame; `reset` does so with a TCP reset. */
  drop(): void;
  reset(): void;
  /** Stops sending and reading. */
  freeze(): void;
  /** Ends only the sending side, without a close frame. */
  halfClose(): void;
  /** Sends bytes that are not valid in the protocol. */
  garbage(): void;
  /** Sends the vendor's error, if the fault has one, and ends the connection. */
  fail(fault: Fault): void;
}

/**
 * Everything that one connection, request or piece of work sends passes through a scope, which triggers its fault. Without a fault it just
 * forwards the frames.
 */
export class FaultScope<F extends Fault = Fault> {
  #fault: F | undefined;
  #sent = 0;
  #bytes = 0;
  #triggered = false;
  #silent = false;

  constructor(
    fault: F | undefined,
    private readonly target: FaultActions,
    private readonly onEnd: () => void = () => undefined,
  ) {
    this.#fault = fault;
  }

  get fault(): F | undefined {
    return this.#fault;
  }

  /** Triggers a fault that is due before the first frame. To be called when the scope's work begins. */
  begin(): void {
    this.#triggerWhenDue();
  }

  /** Applies a fault to work in progress; frames are counted from here. It is triggered by `begin` or by a later frame. */
  setFault(fault: F): void {
    this.#fault = fault;
    this.#sent = 0;
    this.#bytes = 0;
    this.#triggered = false;
  }

  /** The work is done: no fault applies to it any more. */
  end(): void {
    this.onEnd();
  }

  /** True when nothing will be sent through this scope any more. */
  get silent(): boolean {
    return this.#silent;
  }

  is(kind: F['kind']): boolean {
    return this.fault?.kind === kind;
  }

  send(frame: string | Buffer, kind: FrameKind = {}): void {
    if (this.#silent) return;
    const { fault } = this;
    const data = this.#cut(frame);
    if (fault?.kind === 'trickle') return this.target.trickle(data, fault.everyMs ?? TRICKLE_EVERY_MS);
    if (this.#isEndless()) return this.target.repeat(data, kind);
    if (fault?.kind === 'late-frames') this.target.deliverLate(data, fault.delayMs, kind);
    else this.target.deliver(this.#isOversized() ? oversized(data) : data, kind);
    if (fault?.kind === 'duplicate-frames' && typeof data === 'string' && !kind.isAudio) this.target.deliver(data, kind);
    this.#sent += 1;
    this.#bytes += kind.bytes ?? Buffer.byteLength(data);
    this.#triggerWhenDue();
  }

  /** The part of a frame that is sent before a fault ends the body. */
  #cut(frame: string | Buffer): string | Buffer {
    const { fault } = this;
    if (!fault || this.#triggered || !this.target.cutsFrames || !isOneTimeFault(fault)) return frame;
    const atBytes = bytesOf(fault);
    if (atBytes === undefined || this.#bytes + Buffer.byteLength(frame) <= atBytes) return frame;
    return Buffer.from(frame).subarray(0, atBytes - this.#bytes);
  }

  /** True for the one frame that the fault `oversized` applies to. */
  #isOversized(): boolean {
    const { fault } = this;
    if (fault?.kind !== 'oversized' || this.#triggered || this.#sent < (fault.afterFrames ?? 0)) return false;
    this.#triggered = true;
    return true;
  }

  /** True for the frame that the fault `endless` repeats; nothing else is sent after it. */
  #isEndless(): boolean {
    const { fault } = this;
    if (fault?.kind !== 'endless' || this.#sent < (fault.afterFrames ?? 0) || this.#bytes < (fault.afterBytes ?? 0)) return false;
    this.#silent = true;
    return true;
  }

  #triggerWhenDue(): void {
    const { fault } = this;
    if (!fault || this.#triggered || !isOneTimeFault(fault)) return;
    const afterFrames = 'afterFrames' in fault ? (fault.afterFrames ?? 0) : 0;
    const afterBytes = bytesOf(fault);
    if (afterBytes === undefined ? this.#sent < afterFrames : this.#bytes < afterBytes) return;
    this.#triggered = true;
    if (fault.kind === 'garbage') {
      this.target.garbage();
      return;
    }
    this.#silent = true;
    if (fault.kind === 'drop') this.target.drop();
    else if (fault.kind === 'reset') this.target.reset();
    else if (fault.kind === 'half-open') this.target.freeze();
    else if (fault.kind === 'half-close') this.target.halfClose();
    else if (fault.kind !== 'stall') this.target.fail(fault);
  }
}

const bytesOf = (fault: Fault): number | undefined => ('afterBytes' in fault ? fault.afterBytes : undefined);

/** True for faults that happen at one moment; the others change how all of the work is done. */
export const isOneTimeFault = ({ kind }: Fault): boolean => ONE_TIME_KINDS.has(kind);

const ONE_TIME_KINDS: ReadonlySet<Fault['kind']> = new Set([
  'stall',
  'drop',
  'reset',
  'half-open',
  'half-close',
  'garbage',
  'error-then-close',
  'close',
  'error-chunk',
  'agent-error',
  'quota-kill',
  'quota',
]);
