import type { ConversationMemory } from '@parley/engine';
import { MemoryRoomStore } from '../../store/memory-room-store';
import type { RoomLease } from '../../store/room-store';
import type { WorkerStore } from '../worker-store';

/** A store that is away or slow when a test wants it to be. */
export class FaultyRoomStore implements WorkerStore {
  /** The turns up to which something was saved, in order. */
  readonly saves: number[] = [];
  /** Every call rejects. */
  isAway = false;
  /** No call is answered. */
  hangs = false;
  latencyMs = 0;
  /** What the store knows, for the other programs of a test. Replaced by an empty one when the store is restarted. */
  known: MemoryRoomStore;

  constructor(private readonly now: () => number) {
    this.known = new MemoryRoomStore({ now });
  }

  acquireLease = (lease: RoomLease): Promise<boolean> => this.answer(() => this.known.acquireLease(lease));
  renewLease = (lease: RoomLease): Promise<boolean> => this.answer(() => this.known.renewLease(lease));
  releaseLease = (lease: RoomLease, from?: { isRoomEmpty: boolean }): Promise<void> =>
    this.answer(() => this.known.releaseLease(lease, from));
  abandonLease = (lease: RoomLease): Promise<void> => this.answer(() => this.known.abandonLease(lease));
  loadMemory = (room: string): Promise<ConversationMemory | undefined> => this.answer(() => this.known.loadMemory(room));

  saveMemory = (lease: RoomLease, memory: ConversationMemory): Promise<boolean> =>
    this.answer(async () => {
      const isSaved = await this.known.saveMemory(lease, memory);
      if (isSaved) this.saves.push(memory.turn);
      return isSaved;
    });

  /** Comes back without anything that it knew. */
  restartEmpty(): void {
    this.known = new MemoryRoomStore({ now: this.now });
  }

  /** The job whose lease of the room is alive. */
  async holder(room = 'lobby'): Promise<string | undefined> {
    return (await this.known.leaseOf(room))?.jobId;
  }

  async isLost(room = 'lobby'): Promise<boolean> {
    return (await this.known.lostRooms()).some((lost) => lost.room === room);
  }

  /** Somebody has noticed that the assistant is not in the room, and dispatches another one. */
  async replace(room = 'lobby'): Promise<void> {
    const lease = await this.known.leaseOf(room);
    const [lost] = await this.known.lostRooms();
    const held = lease ?? lost?.lease;
    if (held) await this.known.claimDispatch(room, { type: 'absent', lease: held });
  }

  /** Another assistant has the room, whoever had it before. */
  async takeAway(room = 'lobby'): Promise<void> {
    await this.replace(room);
    await this.known.acquireLease({ room, jobId: 'another', identity: 'agent-another', workerId: 'other' });
  }

  private async answer<T>(result: () => Promise<T>): Promise<T> {
    if (this.hangs) return new Promise(() => undefined);
    if (this.isAway) throw new Error('the store is away');
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    return result();
  }
}
