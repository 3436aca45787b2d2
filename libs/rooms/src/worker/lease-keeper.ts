import type { Clock, EngineLogger } from '@parley/engine';
import { LEASE_MS, RENEW_MS, type RoomLease, type RoomStore } from '../store/room-store';
import { inTime } from '../shared/in-time';

export interface LeaseKeeperOptions {
  store: Pick<RoomStore, 'acquireLease' | 'renewLease'>;
  /** A lease that was just taken. */
  lease: RoomLease;
  clock: Clock;
  logger: EngineLogger;
  /** The process or the connection to the room stood still for so long that another assistant may have the room by now: nothing may be audible. */
  onUncertain: () => void;
  /** The room is still ours after all. */
  onCertain: () => void;
  /** The store has lost what it knew of the room, and the room is ours again. */
  onRegained: () => void;
  /** Another assistant has the room, or will have it. Nothing is called after this. */
  onLost: () => void;
}

/** A store that needs longer than this counts as away. */
const STORE_MS = 1_000;
/** After a longer gap between two renewals the lease may have expired: the last renewal was up to `RENEW_MS` before the gap. */
const FROZEN_MS = LEASE_MS - RENEW_MS;
/** Most connections that are interrupted are back sooner. After that time people are better served by another assistant. */
const CUT_OFF_MS = 4_000;

/**
 * Renews the lease of one room, as the store describes it. While the store is away the room is kept. While the assistant has been cut off from
 * its room for long, the lease is not renewed: it says that somebody attends the room.
 */
export class LeaseKeeper {
  private timer: NodeJS.Timeout | undefined;
  private lastTickMs = 0;
  private isUncertain = false;
  private isStoreAway = false;
  private isRenewing = false;
  private isStopped = false;
  /** Since when the connection to the room has been interrupted. */
  private interruptedSinceMs: number | undefined;
  /** Renewals that were sent before the process was stopped prove nothing. */
  private generation = 0;

  constructor(private readonly options: LeaseKeeperOptions) {}

  start(): void {
    this.lastTickMs = this.options.clock.now();
    this.timer = setInterval(() => this.recheck(), RENEW_MS);
  }

  /** Whether the assistant must not be heard at the moment. */
  get mustBeSilent(): boolean {
    return this.isUncertain;
  }

  /** Asks at once whether the room is still ours. */
  recheck(): void {
    if (this.isStopped) return;
    const now = this.options.clock.now();
    const wasFrozen = now - this.lastTickMs > FROZEN_MS;
    this.lastTickMs = now;
    const isCutOff = this.interruptedSinceMs !== undefined && now - this.interruptedSinceMs >= CUT_OFF_MS;
    if (wasFrozen || isCutOff) this.doubt();
    if (!this.isRenewing && !isCutOff) void this.renew(this.generation);
  }

  /** The connection to the room is interrupted. */
  interrupted(): void {
    this.interruptedSinceMs ??= this.options.clock.now();
  }

  /** The connection to the room works again. Asks at once whether the room is still ours. */
  reconnected(): void {
    this.interruptedSinceMs = undefined;
    this.recheck();
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
  }

  private doubt(): void {
    this.generation++;
    this.isRenewing = false;
    if (this.isUncertain) return;
    this.isUncertain = true;
    this.options.onUncertain();
  }

  private async renew(generation: number): Promise<void> {
    const isCurrent = (): boolean => !this.isStopped && generation === this.generation;
    const { store, lease } = this.options;
    this.isRenewing = true;
    try {
      const isOurs = await inTime(store.renewLease(lease), STORE_MS);
      if (!isCurrent()) return;
      const isRegained = !isOurs && (await inTime(store.acquireLease(lease), STORE_MS));
      if (!isCurrent()) return;
      if (isRegained) this.options.onRegained();
      if (isOurs || isRegained) return this.keep();
      this.stop();
      this.options.onLost();
    } catch {
      if (isCurrent()) this.noteAway();
    } finally {
      if (isCurrent()) this.isRenewing = false;
    }
  }

  private keep(): void {
    this.isStoreAway = false;
    if (!this.isUncertain) return;
    this.isUncertain = false;
    this.options.onCertain();
  }

  private noteAway(): void {
    if (this.isStoreAway) return;
    this.isStoreAway = true;
    this.options.logger.warn('the store of the rooms cannot be reached, the call goes on', { room: this.options.lease.room });
  }
}
