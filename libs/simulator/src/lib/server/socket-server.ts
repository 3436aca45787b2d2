import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { countIn, type Tally, type VendorCounters } from '../counters';
import type { Fault, FaultOf, Vendor } from '../faults/fault';
import type { SeededFaultPlan } from '../faults/fault-plan';
import { sleep } from './sleep';
import { SocketLink, type SocketFailure, type SocketSession } from './socket-link';
import { refuseUpgrade, type Refusal } from './upgrade';

/** The endpoint that an upgrade request is for. */
export interface SocketEndpoint<F extends Fault> {
  endpoint: string;
  /** The vendor's reason to refuse the upgrade, if any. Read only if no fault refuses it. */
  refusal: Refusal | undefined;
  internalError: SocketFailure;
  /** The frame and close of a fault that only this endpoint has. */
  failureOf?(fault: Fault): SocketFailure | undefined;
  /** Creates the session that handles the messages. */
  open(link: SocketLink<F>): SocketSession;
}

/** Accepts or refuses one vendor's WebSocket upgrades, and applies faults and counters to the sockets. */
export class SocketServer<V extends Vendor> {
  // Echoes the first subprotocol, as vendors do that accept the key there.
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (names) => (this.protocol !== undefined && names.has(this.protocol) ? this.protocol : ([...names][0] ?? false)),
  });

  constructor(
    private readonly vendor: V,
    private readonly plan: SeededFaultPlan,
    private readonly tally: Tally<VendorCounters>,
    private readonly refusalBody: (status: number) => unknown,
    /** Echoed instead of the first when a client offers it among others. */
    private readonly protocol?: string,
  ) {}

  async handleUpgrade(request: IncomingMessage, socket: Socket, head: Buffer, target: SocketEndpoint<FaultOf<V>>): Promise<void> {
    const fault = this.plan.draw(this.vendor, target.endpoint, ['connection']);
    if (fault) this.tally.faults += 1;
    if (fault?.kind === 'slow-headers') {
      const left = new AbortController();
      socket.once('close', () => left.abort());
      if (!(await sleep(fault.delayMs, left.signal))) return;
    }
    const refusal = fault?.kind === 'refuse' ? this.refusalOf(fault) : target.refusal;
    if (refusal) {
      this.tally.upgradesRefused += 1;
      refuseUpgrade(socket, refusal);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#open(ws, socket, fault, target));
  }

  /** The answer that a `refuse` fault asks for, with the vendor's body where it names none. */
  refusalOf(fault: Extract<Fault, { kind: 'refuse' }>): Refusal {
    return {
      status: fault.status,
      body: fault.body ?? this.refusalBody(fault.status),
      headers: { ...fault.headers, ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }) },
    };
  }

  #open(ws: WebSocket, socket: Socket, fault: FaultOf<V> | undefined, target: SocketEndpoint<FaultOf<V>>): void {
    const { tally } = this;
    tally.socketsOpened += 1;
    tally.socketsOpen += 1;
    countIn(tally.byEndpoint, target.endpoint);
    const link = new SocketLink<FaultOf<V>>(ws, {
      socket,
      fault,
      internalError: target.internalError,
      failureOf: target.failureOf,
      onFrozen: () => {
        tally.socketsFrozen += 1;
      },
      onGone: (code, wasFrozen) => {
        forget();
        tally.socketsOpen -= 1;
        if (wasFrozen) tally.socketsFrozen -= 1;
        countIn(tally.closeCodes, code);
      },
    });
    const forget = this.plan.opened(this.vendor, target.endpoint, link);
    // A session that a fault silences at once must still learn of its end, so it is attached in any case.
    link.begin();
    link.attach(target.open(link));
  }
}
