import type { DispatchReason, RoomLease } from '../store';
import { StoreTrust } from './store-trust';
import type { SupervisedParticipant } from './supervised-rooms';
import {
  EMPTY_MS,
  EMPTY_RETRY_MS,
  GONE_MS,
  LOOK_ROUND_MS,
  NEWS_MS,
  REST_MS,
  RETRY_MS,
  type SupervisionAction,
  type SupervisionEvent,
  UNATTENDED_MS,
} from './supervision-types';
import { type Watch, Watches } from './watches';

type Event<T extends SupervisionEvent['type']> = Extract<SupervisionEvent, { type: T }>;

/**
 * Decides which rooms need an assistant: events in, actions out, without timers and without I/O. A room is watched from the moment at which
 * something is to be looked at until it is in order.
 */
export class Supervision {
  readonly #watches = new Watches();
  readonly #trust = new StoreTrust();
  /** When rooms were last looked at, and the job of the assistant that was last seen there with its lease. */
  readonly #seen = new Map<string, { readonly atMs: number; readonly jobId: string | undefined }>();

  /** How many rooms are being watched. */
  get watched(): number {
    return this.#watches.size;
  }

  handle(event: SupervisionEvent): SupervisionAction[] {
    const actions = this.#decide(event);
    return [...actions, ...this.#watches.startLooks(event.atMs).map((room) => ({ type: 'look' as const, room }))];
  }

  #decide(event: SupervisionEvent): readonly SupervisionAction[] {
    switch (event.type) {
      case 'time-passed':
        return [];
      case 'store-answered':
        this.#heardOfLosses(event);
        return [];
      case 'store-failed':
        this.#trust.failed();
        this.#watches.forgetLosses();
        return [];
      case 'surveyed':
        this.#surveyed(event);
        return [];
      case 'room-changed':
        this.#watches.add(event.room, event.atMs).newsAtMs = event.atMs;
        return [];
      case 'room-finished':
        this.#forget(event.room);
        return [];
      case 'looked':
        this.#watches.endLook();
        return this.#ifWatched(event.room, (watch) => this.#looked(event, watch));
      case 'look-failed':
        this.#watches.endLook();
        return this.#ifWatched(event.room, (watch) => this.#retry(event, watch));
      case 'claim-failed':
        return this.#ifWatched(event.room, (watch) => this.#retry(event, watch));
      case 'claimed':
        return this.#ifWatched(event.room, (watch) => this.#claimed(event, watch));
      case 'dispatched':
        return this.#ifWatched(event.room, (watch) => this.#dispatched(event, watch));
    }
  }

  #heardOfLosses({ atMs, lost }: Event<'store-answered'>): void {
    this.#trust.answered(atMs);
    // Not even losses that were known before: their assistants may have come back meanwhile, and nobody could renew a lease.
    if (!this.#trust.isTrusted(atMs)) return this.#watches.forgetLosses();
    for (const { room, lease } of lost) {
      // One that is known is looked at when its time has come.
      if (this.#watches.get(room)?.lost?.jobId !== lease.jobId) this.#watches.add(room, atMs).lost = lease;
    }
  }

  #surveyed({ atMs, rooms, leases }: Event<'surveyed'>): void {
    const listed = new Set(rooms);
    const attended = new Set(leases.map(({ room }) => room));
    for (const [room, watch] of this.#watches.entries()) {
      const isGone = !listed.has(room) && !watch.lost && !watch.isBusy && atMs - watch.newsAtMs > NEWS_MS;
      if (isGone) this.#watches.delete(room);
    }
    // A room whose node was lost is not listed until somebody joins it again.
    for (const [room, seen] of this.#seen) if (!listed.has(room) && atMs - seen.atMs > EMPTY_MS) this.#seen.delete(room);
    for (const room of listed) {
      const isDue = !attended.has(room) || atMs - (this.#seen.get(room)?.atMs ?? -Infinity) >= LOOK_ROUND_MS;
      if (isDue && !this.#watches.get(room)) this.#watches.add(room, atMs);
    }
  }

  #looked(event: Event<'looked'>, watch: Watch): readonly SupervisionAction[] {
    const { atMs, room, participants, lease } = event;
    const seenJobId = this.#seen.get(room)?.jobId;
    this.#seen.set(room, { atMs, jobId: seenJobId });
    if (!participants.some(({ isPerson }) => isPerson)) return this.#nobodyWaits(event, watch);
    delete watch.emptySinceMs;
    const assistants = participants.filter(({ isAssistant }) => isAssistant);
    if (lease) delete watch.lost;
    if (lease && assistants.some(({ identity }) => identity === lease.identity)) return this.#isAttended(event, watch, assistants, lease);
    if (watch.lost) return this.#claim(room, watch, { type: 'silent', lease: watch.lost });
    // The store has lost its lease, and it is about to take it back; or its own end has not been noticed yet.
    if (!lease && assistants.length > 0) return this.#settle(room, watch);
    if (!watch.without || watch.without.jobId !== lease?.jobId) watch.without = { jobId: lease?.jobId, sinceMs: atMs };
    const wasThere = lease !== undefined && lease.jobId === seenJobId;
    const dueMs = watch.without.sinceMs + (wasThere ? GONE_MS : UNATTENDED_MS);
    if (atMs >= dueMs) return this.#claim(room, watch, lease ? { type: 'absent', lease } : { type: 'none' });
    this.#watches.again(watch, dueMs);
    return [];
  }

  #nobodyWaits({ atMs, room }: Event<'looked'>, watch: Watch): readonly SupervisionAction[] {
    delete watch.without;
    watch.emptySinceMs ??= atMs;
    const isOver = watch.hasLeft || (watch.lost && atMs - watch.emptySinceMs >= EMPTY_MS);
    if (watch.lost && !isOver) {
      // Somebody may come back.
      this.#watches.again(watch, atMs + EMPTY_RETRY_MS);
      return [];
    }
    delete watch.lost;
    delete watch.hasLeft;
    this.#watches.settle(room, watch);
    return isOver ? [{ type: 'forget', room }] : [];
  }

  /** Its assistant is there. Any other one was given up, and has come back. */
  #isAttended(
    { atMs, room }: Event<'looked'>,
    watch: Watch,
    assistants: readonly SupervisedParticipant[],
    lease: RoomLease,
  ): readonly SupervisionAction[] {
    delete watch.hasLeft;
    this.#seen.set(room, { atMs, jobId: lease.jobId });
    const others = assistants.filter(({ identity }) => identity !== lease.identity);
    // Until they are gone.
    if (others.length > 0) this.#watches.again(watch, atMs + RETRY_MS);
    this.#watches.settle(room, watch);
    return others.map(({ identity }) => ({ type: 'remove', room, identity }));
  }

  #claim(room: string, watch: Watch, reason: DispatchReason): readonly SupervisionAction[] {
    watch.isBusy = true;
    return [{ type: 'claim', room, reason }];
  }

  #claimed({ atMs, room, reason, claim }: Event<'claimed'>, watch: Watch): readonly SupervisionAction[] {
    if (claim.isGranted) return [{ type: 'dispatch', room, reason, attempt: claim.attempt }];
    delete watch.lost;
    delete watch.without;
    watch.hasLeft = claim.because === 'left';
    const isOver = claim.because === 'left' || claim.because === 'exhausted';
    this.#watches.again(watch, atMs + (isOver ? REST_MS : UNATTENDED_MS));
    return claim.because === 'exhausted' ? [{ type: 'give-up', room }] : [];
  }

  #dispatched({ atMs }: Event<'dispatched'>, watch: Watch): readonly SupervisionAction[] {
    delete watch.lost;
    watch.without = { jobId: undefined, sinceMs: atMs };
    this.#watches.again(watch, atMs + UNATTENDED_MS);
    return [];
  }

  #retry({ atMs }: SupervisionEvent, watch: Watch): readonly SupervisionAction[] {
    this.#watches.again(watch, atMs + RETRY_MS);
    return [];
  }

  #settle(room: string, watch: Watch): readonly SupervisionAction[] {
    this.#watches.settle(room, watch);
    return [];
  }

  /** A room that has finished in the meantime needs nothing. */
  #ifWatched(room: string, decide: (watch: Watch) => readonly SupervisionAction[]): readonly SupervisionAction[] {
    const watch = this.#watches.get(room);
    return watch ? decide(watch) : [];
  }

  #forget(room: string): void {
    this.#watches.delete(room);
    this.#seen.delete(room);
  }
}
