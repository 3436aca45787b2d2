import type { ConversationMemory } from '@parley/engine';
import { ExpiringMap } from './expiring-map';
import {
  DAY_MS,
  KEEP_MS,
  LONGEST_CLAIM_MS,
  MAX_ATTEMPTS,
  ROOM_STORE_TIMES,
  type DispatchClaim,
  type DispatchReason,
  type LostRoom,
  type RoomLease,
  type RoomStore,
  type RoomStoreTimes,
} from './room-store';

export interface MemoryRoomStoreOptions {
  /** Monotonic, in milliseconds. Default: the machine's. */
  now?: () => number;
  times?: Partial<RoomStoreTimes>;
}

interface Attendance {
  readonly lease: RoomLease;
  readonly sinceMs: number;
  untilMs: number;
}

interface RoomRecord {
  attendance?: Attendance;
  /** The last assistant left on purpose. */
  hasLeft: boolean;
  attempts: number;
  claimedUntilMs: number;
}

/** The store of a single process. */
export class MemoryRoomStore implements RoomStore {
  readonly #now: () => number;
  readonly #times: RoomStoreTimes;
  readonly #rooms: ExpiringMap<RoomRecord>;
  readonly #memories: ExpiringMap<string>;
  readonly #bans: ExpiringMap<true>;
  readonly #webhooks: ExpiringMap<true>;
  /** Jobs that never get a room again: another assistant was dispatched in their place, or they gave the room up. */
  readonly #replacedJobs: ExpiringMap<true>;
  #isClosed = false;

  constructor({ now = () => performance.now(), times }: MemoryRoomStoreOptions = {}) {
    this.#now = now;
    this.#times = { ...ROOM_STORE_TIMES, ...times };
    this.#rooms = new ExpiringMap(now);
    this.#memories = new ExpiringMap(now);
    this.#bans = new ExpiringMap(now);
    this.#webhooks = new ExpiringMap(now);
    this.#replacedJobs = new ExpiringMap(now);
  }

  async acquireLease(lease: RoomLease): Promise<boolean> {
    this.#assertOpen();
    const record = this.#rooms.get(lease.room);
    const attendance = record?.attendance;
    if (this.#replacedJobs.get(lease.jobId)) return false;
    if (attendance?.lease.jobId === lease.jobId) return this.renewLease(lease);
    if (attendance && this.#isAlive(attendance)) return false;
    const nowMs = this.#now();
    const taken = { lease: { ...lease }, sinceMs: nowMs, untilMs: nowMs + this.#times.leaseMs };
    this.#keep(lease.room, {
      attempts: Math.min(record?.attempts ?? 0, MAX_ATTEMPTS),
      claimedUntilMs: record?.claimedUntilMs ?? 0,
      hasLeft: false,
      attendance: taken,
    });
    return true;
  }

  async renewLease(lease: RoomLease): Promise<boolean> {
    this.#assertOpen();
    const held = this.#held(lease);
    if (!held) return false;
    const { record, attendance } = held;
    const nowMs = this.#now();
    attendance.untilMs = nowMs + this.#times.leaseMs;
    if (nowMs - attendance.sinceMs >= this.#times.stableMs) Object.assign(record, { attempts: 0, claimedUntilMs: 0 });
    this.#keep(lease.room, record);
    return true;
  }

  async releaseLease(lease: RoomLease, { isRoomEmpty } = { isRoomEmpty: false }): Promise<void> {
    this.#assertOpen();
    if (!this.#held(lease)) return;
    if (isRoomEmpty) this.#rooms.delete(lease.room);
    else this.#keep(lease.room, { hasLeft: true, attempts: 0, claimedUntilMs: 0 });
    this.#memories.delete(lease.room);
  }

  async abandonLease(lease: RoomLease): Promise<void> {
    this.#assertOpen();
    const held = this.#held(lease);
    if (!held) return;
    held.attendance.untilMs = this.#now();
    this.#replacedJobs.set(lease.jobId, true, DAY_MS);
  }

  async leaseOf(room: string): Promise<RoomLease | undefined> {
    this.#assertOpen();
    const attendance = this.#rooms.get(room)?.attendance;
    return attendance && this.#isAlive(attendance) ? { ...attendance.lease } : undefined;
  }

  async leases(): Promise<RoomLease[]> {
    this.#assertOpen();
    return this.#rooms.values().flatMap(({ attendance }) => (attendance && this.#isAlive(attendance) ? [{ ...attendance.lease }] : []));
  }

  async isAttended(room: string): Promise<boolean> {
    return (await this.leaseOf(room)) !== undefined;
  }

  async lostRooms(): Promise<LostRoom[]> {
    this.#assertOpen();
    return this.#rooms.values().flatMap(({ attendance, claimedUntilMs, attempts }) => {
      if (!attendance || this.#isAlive(attendance) || claimedUntilMs > this.#now() || attempts > MAX_ATTEMPTS) return [];
      return [{ room: attendance.lease.room, lease: { ...attendance.lease } }];
    });
  }

  async claimDispatch(room: string, reason: DispatchReason): Promise<DispatchClaim> {
    this.#assertOpen();
    const record = this.#rooms.get(room) ?? { hasLeft: false, attempts: 0, claimedUntilMs: 0 };
    const { attendance } = record;
    const refused = (because: 'attended' | 'left' | 'taken' | 'exhausted'): DispatchClaim => ({ isGranted: false, because });
    if (record.hasLeft) return refused('left');
    const isMeant = reason.type === 'none' || attendance?.lease.jobId === reason.lease.jobId;
    if (!isMeant || (reason.type !== 'absent' && attendance && this.#isAlive(attendance))) return refused('attended');
    const nowMs = this.#now();
    if (record.claimedUntilMs > nowMs) return refused('taken');
    if (record.attempts >= MAX_ATTEMPTS) {
      // Nobody is asked to look at it again.
      record.attempts = MAX_ATTEMPTS + 1;
      return refused('exhausted');
    }
    record.attempts++;
    record.claimedUntilMs = nowMs + Math.min(this.#times.claimMs * 2 ** (record.attempts - 1), LONGEST_CLAIM_MS);
    if (attendance) {
      attendance.untilMs = Math.min(attendance.untilMs, nowMs);
      this.#replacedJobs.set(attendance.lease.jobId, true, DAY_MS);
    }
    this.#keep(room, record);
    return { isGranted: true, attempt: record.attempts };
  }

  async saveMemory(lease: RoomLease, memory: ConversationMemory): Promise<boolean> {
    this.#assertOpen();
    if (!this.#held(lease)) return false;
    this.#memories.set(lease.room, JSON.stringify(memory), KEEP_MS);
    return true;
  }

  async loadMemory(room: string): Promise<ConversationMemory | undefined> {
    this.#assertOpen();
    const memory = this.#memories.get(room);
    return memory === undefined ? undefined : (JSON.parse(memory) as ConversationMemory);
  }

  async ban(room: string, identity: string, untilMs: number): Promise<void> {
    this.#assertOpen();
    const key = JSON.stringify([room, identity]);
    const forMs = untilMs - Date.now();
    if (forMs > this.#bans.remainingMs(key)) this.#bans.set(key, true, forMs);
  }

  async isBanned(room: string, identity: string): Promise<boolean> {
    this.#assertOpen();
    return this.#bans.get(JSON.stringify([room, identity])) ?? false;
  }

  async claimWebhook(id: string): Promise<boolean> {
    this.#assertOpen();
    if (this.#webhooks.get(id)) return false;
    this.#webhooks.set(id, true, DAY_MS);
    return true;
  }

  async forgetRoom(room: string): Promise<void> {
    this.#assertOpen();
    this.#rooms.delete(room);
    this.#memories.delete(room);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  /** The record of the room if this job has it, alive or not. */
  #held(lease: RoomLease): { record: RoomRecord; attendance: Attendance } | undefined {
    const record = this.#rooms.get(lease.room);
    const attendance = record?.attendance;
    const isHeld = attendance?.lease.jobId === lease.jobId && !this.#replacedJobs.get(lease.jobId);
    return record && attendance && isHeld ? { record, attendance } : undefined;
  }

  #isAlive(attendance: Attendance): boolean {
    return attendance.untilMs > this.#now();
  }

  #keep(room: string, record: RoomRecord): void {
    this.#rooms.set(room, record, KEEP_MS);
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new Error('the store of rooms is closed');
  }
}
