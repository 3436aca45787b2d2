import { Inject, Injectable } from '@nestjs/common';
import { ConnectionCount } from '../../limits/address/connection-count';
import { HeldBytes } from '../../limits/address/held-bytes';
import { RefusalCounter } from '../../limits/refusal-counter';
import { StartAdmission } from '../../limits/start-admission';
import type { ConnectionLimits } from './connection-limits';

/** The limits of one open connection. */
export interface OpenSocketLimits extends ConnectionLimits {
  /** To be called when the connection has closed. Idempotent. */
  close: () => void;
}

/** Gives each connection its part in the limits of its address and of the server. */
@Injectable()
export class SocketLimits {
  constructor(
    @Inject(ConnectionCount) private readonly connections: ConnectionCount,
    @Inject(HeldBytes) private readonly held: HeldBytes,
    @Inject(StartAdmission) private readonly starts: StartAdmission,
    @Inject(RefusalCounter) private readonly refusals: RefusalCounter,
  ) {}

  /** For a connection from this address, which is counted until it is closed; undefined if the address has too many already. */
  open(address: string): OpenSocketLimits | undefined {
    const close = this.connections.open(address);
    if (close === undefined) {
      this.refusals.count('address_connections');
      return undefined;
    }
    return {
      close,
      mayStart: () => this.starts.judge(address),
      hold: (evict) => this.held.of(address, evict),
      count: (reason) => this.refusals.count(reason),
    };
  }
}
