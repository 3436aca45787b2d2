import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Fault } from '../faults/fault';
import { FaultScope, type FaultActions, isOneTimeFault } from '../faults/fault-scope';
import { Trickle } from '../faults/trickle';
import { textFrame } from './text-frame';

/** How an endless vendor sends: as fast as the client reads, and without blocking this process. */
const REPEATED_AT_ONCE = 100;
const MOST_BUFFERED_BYTES = 1024 * 1024;

/** A frame to send on an error, and the close that follows it. */
export interface SocketFailure {
  frame: object;
  code: number;
  reason: string;
}

export interface SocketLinkOptions<F extends Fault> {
  socket: Socket;
  /** The fault of the whole connection. */
  fault: F | undefined;
  /** The vendor's frame and close for an error of its own. */
  internalError: SocketFailure;
  /** The frame and close of a fault that only this endpoint has. */
  failureOf?(fault: Fault): SocketFailure | undefined;
  /** Called when the socket is frozen: nothing is read from it any more. */
  onFrozen(): void;
  /** Called once when the socket is gone, with its close code. */
  onGone(code: number, wasFrozen: boolean): void;
}

/** One session on an accepted socket. Its work ends with the link's `gone` signal. */
export interface SocketSession {
  onText(text: string): void;
  onBinary(data: Buffer): void;
  /** The socket is gone. */
  onGone(): void;
}

/** One accepted WebSocket, with its faults. Ends by `close`, by the client, or with the server. */
export class SocketLink<F extends Fault = Fault> {
  readonly #gone = new AbortController();
  readonly #late = new Set<NodeJS.Timeout>();
  readonly #trickle = new Trickle((byte) => void (this.#frozen || this.options.socket.write(byte)));
  #repeating: NodeJS.Timeout | undefined;
  readonly #scope: FaultScope<F>;
  /** The fault scopes of the work in progress. */
  readonly #work = new Set<FaultScope<F>>();
  #session: SocketSession | undefined;
  #goneAtMs = 0;
  #frozen = false;
  #closeAfterLateFrames: (() => void) | undefined;

  constructor(
    private readonly ws: WebSocket,
    private readonly options: SocketLinkOptions<F>,
  ) {
    this.#scope = new FaultScope(
      options.fault,
      this.#target((data) => this.#write(data)),
    );
    ws.on('message', (data: Buffer, isBinary) => {
      if (this.gone.aborted) return;
      if (isBinary) this.#session?.onBinary(data);
      else this.#session?.onText(data.toString('utf8'));
    });
    ws.on('error', () => undefined);
    ws.once('close', (code) => this.#end(code));
  }

  /** Aborted when the socket is gone, whoever ended it. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** `performance.now()` at the end. */
  get goneAtMs(): number {
    return this.#goneAtMs;
  }

  /** Triggers a fault of the connection that is due before its first frame. False when nothing will be sent. */
  begin(): boolean {
    this.#scope.begin();
    return !this.#scope.silent;
  }

  /** Passes messages to a session. To be called in the same turn of the event loop, so that no message is missed. */
  attach(session: SocketSession): void {
    this.#session = session;
  }

  send(frame: object): void {
    this.#scope.send(JSON.stringify(frame));
  }

  /** A fault scope for one piece of work on this socket. */
  scope(fault: F | undefined): FaultScope<F> {
    const scope: FaultScope<F> = new FaultScope(
      fault,
      this.#target((data, kind) => this.#scope.send(data, kind)),
      () => this.#work.delete(scope),
    );
    this.#work.add(scope);
    return scope;
  }

  /** Applies a fault to the work in progress, or to the idle connection; false when neither can have it. */
  injectFault(fault: F): boolean {
    if (this.gone.aborted || this.#scope.silent) return false;
    if (fault.kind === 'refuse' || fault.kind === 'slow-headers') {
      this.drop();
      return false;
    }
    const open = [...this.#work].filter(({ silent }) => !silent);
    const affected = open.length > 0 || !isOneTimeFault(fault) ? open : [this.#scope];
    for (const scope of affected) {
      scope.setFault(fault);
      scope.begin();
    }
    return affected.length > 0;
  }

  /** Sends a last frame and closes, as vendors do on an error. */
  fail(failure: SocketFailure): void {
    this.send(failure.frame);
    this.close(failure.code, failure.reason);
  }

  /** Closes when the frames that a fault holds back have gone out. A client that does not answer is cut off by `ws` after 30 s or with the server. */
  close(code: number, reason = ''): void {
    if (this.#scope.silent || this.#frozen) return;
    const close = (): void => this.ws.close(code, Buffer.from(reason, 'utf8').subarray(0, 123).toString('utf8'));
    if (this.#late.size > 0) this.#closeAfterLateFrames = close;
    else close();
  }

  /** Ends the TCP connection without a close frame. */
  drop(): void {
    this.options.socket.destroy();
  }

  #end(code: number): void {
    if (this.gone.aborted) return;
    for (const timer of this.#late) clearTimeout(timer);
    this.#late.clear();
    this.#trickle.stop();
    clearTimeout(this.#repeating);
    this.#goneAtMs = performance.now();
    this.#gone.abort();
    this.options.onGone(code, this.#frozen);
    this.#session?.onGone();
  }

  #freeze(): void {
    if (this.#frozen || this.gone.aborted) return;
    this.#frozen = true;
    this.options.onFrozen();
    this.ws.pause();
    // A paused WebSocket may never report its end.
    this.options.socket.once('close', () => this.#end(1006));
  }

  #repeat(deliver: () => void): void {
    if (this.gone.aborted) return;
    for (let sent = 0; sent < REPEATED_AT_ONCE && this.ws.bufferedAmount < MOST_BUFFERED_BYTES; sent++) deliver();
    this.#repeating = setTimeout(() => this.#repeat(deliver), 1);
  }

  #write(data: string | Buffer): void {
    if (!this.#frozen && this.ws.readyState === this.ws.OPEN) this.ws.send(data);
  }

  #target(deliver: FaultActions['deliver']): FaultActions {
    return {
      cutsFrames: false,
      deliver,
      deliverLate: (data, delayMs, kind) => {
        const timer = setTimeout(() => {
          deliver(data, kind);
          this.#late.delete(timer);
          if (this.#late.size === 0) this.#closeAfterLateFrames?.();
        }, delayMs);
        this.#late.add(timer);
      },
      trickle: (data, everyMs) => this.#trickle.push(textFrame(data), everyMs),
      repeat: (data, kind) => this.#repeat(() => deliver(data, kind)),
      drop: () => this.drop(),
      reset: () => this.options.socket.resetAndDestroy(),
      freeze: () => this.#freeze(),
      halfClose: () => void this.options.socket.end(),
      garbage: () => this.#write('{"event":"transcript.partial","utter'),
      fail: (fault) => {
        const { frame, code, reason } = this.options.internalError;
        if (fault.kind === 'close') this.ws.close(fault.code, fault.reason ?? '');
        const own = this.options.failureOf?.(fault);
        if (own) {
          this.#write(JSON.stringify(own.frame));
          this.ws.close(own.code, own.reason);
        }
        if (fault.kind !== 'error-then-close') return;
        this.#write(JSON.stringify(fault.frame ?? frame));
        this.ws.close(fault.code ?? code, fault.reason ?? reason);
      },
    };
  }
}
