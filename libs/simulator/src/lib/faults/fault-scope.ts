import type { Fault } from './fault';
import { oversized } from './oversized';

/** What faults know of a frame. */
export interface FrameKind {
  /** It carries audio, and is never sent twice. */
  isAudio?: boolean;
}

/** A connection, as faults see it. */
export interface FaultActions {
  deliver(data: string | Buffer, kind: FrameKind): void;
  deliverLate(data: string | Buffer, delayMs: number, kind: FrameKind): void;
  /** Ends the connection without goodbye; `reset` with a TCP reset. */
  drop(): void;
  reset(): void;
  /** Neither sends nor reads from here on. */
  freeze(): void;
  /** Ends the sending side only, without goodbye. */
  halfClose(): void;
  /** Something that is not the protocol. */
  garbage(): void;
  /** The vendor's own error, then the end, as the fault has it. */
  fail(fault: Fault): void;
}

/**
 * Everything that one connection, request or piece of work sends passes through here, and here its fault strikes. Without a fault it only
 * passes on.
 */
export class FaultScope<F extends Fault = Fault> {
  #fault: F | undefined;
  #sent = 0;
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

  /** Lets a fault that strikes before the first frame strike. To be called when the scope's work begins. */
  begin(): void {
    this.#triggerWhenDue();
  }

  /** The fault comes upon what is under way; its frames are counted from here. It strikes by `begin`, or with what is sent. */
  setFault(fault: F): void {
    this.#fault = fault;
    this.#sent = 0;
    this.#triggered = false;
  }

  /** The work is done: no fault can come upon it any more. */
  end(): void {
    this.onEnd();
  }

  /** True when nothing will come of this any more. */
  get silent(): boolean {
    return this.#silent;
  }

  is(kind: F['kind']): boolean {
    return this.fault?.kind === kind;
  }

  send(data: string | Buffer, kind: FrameKind = {}): void {
    if (this.#silent) return;
    const { fault } = this;
    if (fault?.kind === 'late-frames') this.target.deliverLate(data, fault.delayMs, kind);
    else this.target.deliver(this.#isOversized() ? oversized(data) : data, kind);
    if (fault?.kind === 'duplicate-frames' && typeof data === 'string' && !kind.isAudio) this.target.deliver(data, kind);
    this.#sent += 1;
    this.#triggerWhenDue();
  }

  /** Once. */
  #isOversized(): boolean {
    const { fault } = this;
    if (fault?.kind !== 'oversized' || this.#triggered || this.#sent < (fault.afterFrames ?? 0)) return false;
    this.#triggered = true;
    return true;
  }

  #triggerWhenDue(): void {
    const { fault } = this;
    if (!fault || this.#triggered || !isOneTimeFault(fault)) return;
    const due = 'afterFrames' in fault ? (fault.afterFrames ?? 0) : 0;
    if (this.#sent < due) return;
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

/** Whether the fault happens at one moment; others are the way in which something is done. */
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
]);
