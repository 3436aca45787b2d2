import { Inject, Injectable } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';

/** Counts the open connections of each client address. */
@Injectable()
export class ConnectionCount {
  private readonly counts = new Map<string, number>();
  private readonly limit: number;

  constructor(@Inject(SETTINGS) { limits }: Pick<Settings, 'limits'>) {
    this.limit = limits.address.connections;
  }

  /** The number of addresses that have a connection. */
  get size(): number {
    return this.counts.size;
  }

  /** Counts another connection; the function that is returned ends that, once. Undefined if the address has too many. */
  open(address: string): (() => void) | undefined {
    const count = this.counts.get(address) ?? 0;
    if (count >= this.limit) return undefined;
    this.counts.set(address, count + 1);
    let isOpen = true;
    return () => {
      if (isOpen) this.closed(address);
      isOpen = false;
    };
  }

  private closed(address: string): void {
    const count = (this.counts.get(address) ?? 0) - 1;
    if (count > 0) this.counts.set(address, count);
    else this.counts.delete(address);
  }
}
