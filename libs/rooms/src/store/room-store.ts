import type { ConversationMemory } from '@parley/engine';

/** Which assistant a room has. A lease belongs to one job of the media server's dispatch. */
export interface RoomLease {
  room: string;
  /** Id of the job at the media server. No two jobs ever have the same. */
  jobId: string;
  /** Identity of the assistant in the room. */
  identity: string;
  workerId: string;
}

/** A room whose assistant has not renewed its lease in time, or has given it up. */
export interface LostRoom {
  room: string;
  /** The last assistant's lease. */
  lease: RoomLease;
}

/** Why a room needs another assistant. */
export type DispatchReason =
  /** Its assistant's lease has ended. */
  | { type: 'silent'; lease: RoomLease }
  /** Its assistant's lease is alive, but the assistant is not in the room. */
  | { type: 'absent'; lease: RoomLease }
  /** It never had one. */
  | { type: 'none' };

export type DispatchClaim =
  /** `attempt` is 1 for the first assistant that is dispatched for this loss, and counts on until one has stayed for `STABLE_MS`. */
  | { isGranted: true; attempt: number }
  /**
   * `attended`: another assistant has the room by now. `left`: its assistant left on purpose. `taken`: somebody has a claim already.
   * `exhausted`: `MAX_ATTEMPTS` assistants were dispatched, and none has stayed.
   */
  | { isGranted: false; because: 'attended' | 'left' | 'taken' | 'exhausted' };

/**
 * What the programs that serve rooms know together: who attends which room, what each conversation remembers, who was removed, and which
 * webhooks have been handled. In memory for one process, or in Redis. All times are the store's own, so the clocks of the programs need not
 * agree. Every method may reject when the store cannot be reached, within about a second; what was asked may have been done all the same.
 *
 * How a worker keeps a room: it renews the lease every `RENEW_MS` while its assistant is connected to the room. A renewal that rejects says
 * nothing: nobody else can take the room then, so the call goes on. If a renewal answers `false`, the worker tries to acquire the lease: a store
 * that was restarted empty gives it back (and then needs the memory again), and otherwise somebody else attends the room, or was asked to, and
 * this assistant has to leave.
 */
export interface RoomStore {
  /**
   * Takes the room for this job, for `LEASE_MS`. Idempotent. False while the lease of another job is alive, and forever once another assistant
   * was dispatched in this one's place.
   */
  acquireLease(lease: RoomLease): Promise<boolean>;
  /**
   * Extends the lease by `LEASE_MS`, also when it has ended and nobody has noticed yet. False if another job has the room, another assistant was
   * dispatched in this one's place, or the store does not know the lease.
   */
  renewLease(lease: RoomLease): Promise<boolean>;
  /**
   * The assistant has left on purpose and the conversation is over: its memory is forgotten. People who are still in the room are not sent another
   * one; if it left an empty room, whoever comes next is. No effect if this job does not have the room.
   */
  releaseLease(lease: RoomLease, from?: { isRoomEmpty: boolean }): Promise<void>;
  /**
   * The worker cannot go on with the conversation: the room is lost at once, and this job never gets it again, so that another assistant continues
   * with the memory. No effect if this job does not have the room.
   */
  abandonLease(lease: RoomLease): Promise<void>;

  /** The lease of the assistant that attends the room, if it is alive. */
  leaseOf(room: string): Promise<RoomLease | undefined>;
  /** All leases that are alive. */
  leases(): Promise<RoomLease[]>;
  /** Whether some assistant's lease of the room is alive. */
  isAttended(room: string): Promise<boolean>;

  /** Rooms whose assistant is lost and for which nobody has a claim. */
  lostRooms(): Promise<LostRoom[]>;
  /**
   * Whoever is granted the claim dispatches an assistant. The assistant of the reason never gets the room again. The first claim is good for
   * `CLAIM_MS`, and each further one for twice as long as the one before; meanwhile everybody else is told `taken`.
   */
  claimDispatch(room: string, reason: DispatchReason): Promise<DispatchClaim>;

  /** What the conversation remembers now. False, without an effect, if this job does not have the room. */
  saveMemory(lease: RoomLease, memory: ConversationMemory): Promise<boolean>;
  /** Undefined if the room has none, or its conversation has ended. */
  loadMemory(room: string): Promise<ConversationMemory | undefined>;

  /** The identity may not join the room again until `untilMs` (Unix time of the caller's clock). A ban is never shortened. */
  ban(room: string, identity: string, untilMs: number): Promise<void>;
  isBanned(room: string, identity: string): Promise<boolean>;

  /** True for the first caller with this id, false for all others for a day. */
  claimWebhook(id: string): Promise<boolean>;

  /** The room has ended: forgets its lease and its memory. Bans stay until they expire. */
  forgetRoom(room: string): Promise<void>;

  /** At once, also while the store cannot be reached. All further calls reject. */
  close(): Promise<void>;
}

/** An assistant that is silent for this long is lost. */
export const LEASE_MS = 1_500;
/** How often an assistant renews its lease. */
export const RENEW_MS = 500;
/** How long one program has for replacing a lost assistant before another one may try. */
export const CLAIM_MS = 3_000;
/** The longest that a claim is good for. */
export const LONGEST_CLAIM_MS = 30_000;
/** An assistant that has the room for this long is well: the next loss is a new one. */
export const STABLE_MS = 30_000;
/** A conversation that ends each worker it is given to must not end all of them without end. */
export const MAX_ATTEMPTS = 10;

const HOUR_MS = 3_600_000;
/** How long what a room had is kept when nobody says that the room has ended. A conversation is an hour long at most. */
export const KEEP_MS = 2 * HOUR_MS;
/** How long webhooks, and jobs whose place was taken, are remembered. */
export const DAY_MS = 24 * HOUR_MS;

/** For tests: shorter times than those above. */
export interface RoomStoreTimes {
  leaseMs: number;
  claimMs: number;
  stableMs: number;
}

export const ROOM_STORE_TIMES: RoomStoreTimes = { leaseMs: LEASE_MS, claimMs: CLAIM_MS, stableMs: STABLE_MS };
