import type { RoomStore } from '../store/room-store';

/** What a worker needs of the store. */
export type WorkerStore = Pick<RoomStore, 'acquireLease' | 'renewLease' | 'releaseLease' | 'abandonLease' | 'saveMemory' | 'loadMemory'>;
