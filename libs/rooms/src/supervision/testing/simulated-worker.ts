import type { ManualClock } from '@parley/testing';
import { LEASE_MS, RENEW_MS, type RoomLease, type RoomStore } from '../../store';

/** An assistant in a room, as the media server sees it. */
export interface SimulatedAssistant {
  readonly lease: RoomLease;
  readonly worker: SimulatedWorker;
  isInRoom: boolean;
  /** It is in the room, its process runs, and it believes that the room is its own. */
  isAudible: boolean;
  /** Since when. */
  audibleSinceMs: number;
  hasEnded: boolean;
}

/** After a longer stop the leases may have ended. */
const FROZEN_MS = LEASE_MS - RENEW_MS;

/** A worker that keeps to what `RoomStore` demands of it. Its process can be frozen and killed. */
export class SimulatedWorker {
  isAlive = true;
  #frozenAtMs: number | undefined;
  /** How often its process has been stopped for so long that leases may have ended. */
  #stops = 0;
  readonly #attending = new Set<SimulatedAssistant>();
  #thawed: (() => void)[] = [];

  constructor(
    readonly id: string,
    private readonly clock: ManualClock,
    private readonly store: RoomStore,
    private readonly onChanged: (room: string) => void,
  ) {}

  get runs(): boolean {
    return this.isAlive && this.#frozenAtMs === undefined;
  }

  freeze(): void {
    this.#frozenAtMs ??= this.clock.now();
  }

  /** After a long stop nothing is heard before the worker has found out whether the rooms are still its own. */
  thaw(): void {
    if (this.#frozenAtMs === undefined) return;
    if (this.clock.now() - this.#frozenAtMs > FROZEN_MS) {
      this.#stops++;
      for (const assistant of this.#attending) assistant.isAudible = false;
    }
    this.#frozenAtMs = undefined;
    for (const go of this.#thawed.splice(0)) go();
  }

  /** Attends a room until the assistant is removed, loses the room, or `isWanted` says that nobody is there any more. */
  async attend(assistant: SimulatedAssistant, joinMs: number, isWanted: () => boolean): Promise<void> {
    const { lease } = assistant;
    if (!(await this.#mayStay(lease, false))) return this.#leave(assistant);
    await this.#sleep(joinMs);
    if (assistant.hasEnded) return;
    assistant.isInRoom = true;
    this.onChanged(lease.room);
    this.#attending.add(assistant);
    while (!assistant.hasEnded) {
      const stops = this.#stops;
      const mayStay = await this.#mayStay(lease, true);
      if (assistant.hasEnded) return;
      // What was asked before the stop proves nothing.
      if (stops !== this.#stops) continue;
      if (mayStay === false) return this.#leave(assistant);
      if (mayStay) {
        if (!assistant.isInRoom) this.onChanged(lease.room);
        if (!assistant.isAudible) assistant.audibleSinceMs = this.clock.now();
        Object.assign(assistant, { isInRoom: true, isAudible: true });
      }
      if (!isWanted()) {
        await this.store.releaseLease(lease, { isRoomEmpty: true }).catch(() => undefined);
        return this.#leave(assistant);
      }
      await this.#sleep(RENEW_MS);
    }
  }

  /** Undefined if the store does not say. */
  async #mayStay(lease: RoomLease, wasThere: boolean): Promise<boolean | undefined> {
    try {
      const isRenewed = wasThere && (await this.store.renewLease(lease));
      await this.#running();
      const answer = isRenewed || (await this.store.acquireLease(lease));
      await this.#running();
      return answer;
    } catch {
      await this.#running();
      return wasThere ? undefined : false;
    }
  }

  #leave(assistant: SimulatedAssistant): void {
    this.#attending.delete(assistant);
    Object.assign(assistant, { isInRoom: false, isAudible: false, hasEnded: true });
    this.onChanged(assistant.lease.room);
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.clock.schedule(ms, resolve));
    await this.#running();
  }

  /** Goes on when the process runs; never if it was killed. */
  async #running(): Promise<void> {
    while (!this.runs) await new Promise<void>((resolve) => this.#thawed.push(resolve));
  }
}
