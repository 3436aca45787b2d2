import type { ConversationMemory } from '@parley/engine';
import { LEASE_MS, type RoomLease } from '../../store/room-store';
import type { WorkerStore } from '../worker-store';

type Taken = RoomLease & { endsAt: number };

/** The leases and memories of rooms, with failures on request. */
export class FakeRoomStore implements WorkerStore {
  readonly leases = new Map<string, Taken>();
  readonly memories = new Map<string, ConversationMemory>();
  readonly saves: number[] = [];
  /** Every call rejects. */
  isAway = false;
  /** No call is answered. */
  hangs = false;
  /** What each call waits for, for races. */
  latencyMs = 0;
  calls = 0;

  acquireLease = (lease: RoomLease): Promise<boolean> =>
    this.answer(() => {
      const holder = this.holder(lease.room);
      if (holder !== undefined && holder !== lease.jobId) return false;
      this.take(lease);
      return true;
    });

  renewLease = (lease: RoomLease): Promise<boolean> =>
    this.answer(() => {
      if (this.holder(lease.room) !== lease.jobId) return false;
      this.take(lease);
      return true;
    });

  releaseLease = (lease: RoomLease): Promise<void> =>
    this.answer(() => {
      if (this.holder(lease.room) === lease.jobId) this.leases.delete(lease.room);
    });

  saveMemory = (room: string, memory: ConversationMemory): Promise<void> =>
    this.answer(() => {
      this.saves.push(memory.turn);
      this.memories.set(room, memory);
    });

  loadMemory = (room: string): Promise<ConversationMemory | undefined> => this.answer(() => this.memories.get(room));

  /** The job whose lease of the room is alive. */
  holder(room: string): string | undefined {
    const taken = this.leases.get(room);
    return taken && taken.endsAt > performance.now() ? taken.jobId : undefined;
  }

  /** Another job takes the room, whoever has it. */
  takeAway(room: string): void {
    this.take({ room, jobId: 'another', identity: 'agent-another', workerId: 'other' });
  }

  private take(lease: RoomLease): void {
    this.leases.set(lease.room, { ...lease, endsAt: performance.now() + LEASE_MS });
  }

  private async answer<T>(result: () => T): Promise<T> {
    this.calls++;
    if (this.hangs) return new Promise(() => undefined);
    if (this.isAway) throw new Error('the store is away');
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    return result();
  }
}
