import type { ManualClock } from '@parley/testing';
import { LEASE_MS, RENEW_MS, type RoomLease, type RoomStore } from '../../store';

/** An assistant in a room, as the media server sees it. */
export interface SimulatedAssistant {
  readonly lease: RoomLease;
  readonly worker: SimulatedWorker;
  isInRoom: boolean;
  /** It is in the room, its process runs, and it believes that the room is its own. */
  isAudible: boolean;
  hasEnded: boolean;
}

/** A worker that keeps to what `RoomStore` demands of it. Its process can be frozen and killed. */
export class SimulatedWorker {
  isAlive = true;
  #isFrozen = false;
  #thawed: (() => void)[] = [];

  constructor(
    readonly id: string,
    private readonly clock: ManualClock,
    private readonly store: RoomStore,
    private readonly onChanged: (room: string) => void,
  ) {}

  get runs(): boolean {
    return this.isAlive && !this.#isFrozen;
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
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
    let renewedAtMs = -Infinity;
    while (!assistant.hasEnded) {
      // A frozen process must not be heard before it has found out whether the room is still its own.
      if (this.clock.now() - renewedAtMs > LEASE_MS) assistant.isAudible = false;
      const mayStay = await this.#mayStay(lease, true);
      if (assistant.hasEnded) return;
      if (mayStay === false) return this.#leave(assistant);
      if (mayStay) {
        if (!assistant.isInRoom) this.onChanged(lease.room);
        Object.assign(assistant, { isInRoom: true, isAudible: true });
      }
      renewedAtMs = this.clock.now();
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
