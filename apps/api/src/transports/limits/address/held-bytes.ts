import { Inject, Injectable } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';

/** The part of the memory of its address that one connection takes. */
export interface BytesHeld {
  /** Bytes that the server holds for this connection from now on. */
  set(bytes: number): void;
  /** To be called when the connection is closed or something was started on it. Idempotent. */
  release(): void;
}

/** What one connection holds. */
interface Holder {
  bytes: number;
  /** Ends the connection. */
  evict: () => void;
}

interface Holding {
  holders: Set<Holder>;
  bytes: number;
}

/**
 * Limits the bytes of incomplete messages for each client address, as long as nothing was started. Whoever holds most is ended when there are
 * too many, so that connections with long incomplete messages do not get in the way of an honest client at the same address.
 */
@Injectable()
export class HeldBytes {
  private readonly addresses = new Map<string, Holding>();
  private readonly limit: number;

  constructor(@Inject(SETTINGS) { limits }: Pick<Settings, 'limits'>) {
    this.limit = limits.address.unstartedBytes;
  }

  /** The number of addresses with a connection on which nothing was started. */
  get size(): number {
    return this.addresses.size;
  }

  /** `evict` must end the connection, whose bytes do not count any more when it is called. */
  of(address: string, evict: () => void): BytesHeld {
    const holder: Holder = { bytes: 0, evict };
    const holding = this.addresses.get(address) ?? { holders: new Set(), bytes: 0 };
    this.addresses.set(address, holding);
    holding.holders.add(holder);
    const release = (): void => this.release(address, holding, holder);
    return {
      set: (bytes) => {
        if (!holding.holders.has(holder)) return;
        holding.bytes += bytes - holder.bytes;
        holder.bytes = bytes;
        while (holding.bytes > this.limit) this.evictLargest(address, holding);
      },
      release,
    };
  }

  private evictLargest(address: string, holding: Holding): void {
    const [largest] = [...holding.holders].sort((one, other) => other.bytes - one.bytes);
    if (largest === undefined) return;
    this.release(address, holding, largest);
    largest.evict();
  }

  private release(address: string, holding: Holding, holder: Holder): void {
    if (!holding.holders.delete(holder)) return;
    holding.bytes -= holder.bytes;
    if (holding.holders.size === 0 && this.addresses.get(address) === holding) this.addresses.delete(address);
  }
}
