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

/** A room whose assistant has not renewed its lease in time. */
export interface LostRoom {
  room: string;
  /** The last assistant's lease. */
  lease: RoomLease;
}

/**
 * What the programs that serve rooms know together: who attends which room, what each conversation remembers, who was removed, and which
 * webhooks have been handled. In memory for one process, or in Redis. Every method may reject when the store cannot be reached.
 */
export interface RoomStore {
  /** Takes the room for this job, for `LEASE_MS`. False while the lease of another job is alive. Idempotent for the same job. */
  acquireLease(lease: RoomLease): Promise<boolean>;
  /** Extends the lease by `LEASE_MS`. False if this job no longer has it; it is not taken back then. */
  renewLease(lease: RoomLease): Promise<boolean>;
  /** The assistant has left on purpose, so nobody misses it. No effect if another job has the lease. */
  releaseLease(lease: RoomLease): Promise<void>;
  /** Rooms whose assistant was taken and neither renewed its lease in time nor released it. */
  lostRooms(): Promise<LostRoom[]>;
  /** Whoever gets `true` replaces this lost assistant; for `CLAIM_MS` everybody else gets `false`. */
  claimReplacement(lost: LostRoom): Promise<boolean>;
  /** Whether some assistant's lease of the room is alive. */
  isAttended(room: string): Promise<boolean>;

  saveMemory(room: string, memory: ConversationMemory): Promise<void>;
  /** Undefined if the room has none, or its conversation has ended. */
  loadMemory(room: string): Promise<ConversationMemory | undefined>;

  /** The identity may not join the room again until `untilMs` (Unix time). */
  ban(room: string, identity: string, untilMs: number): Promise<void>;
  isBanned(room: string, identity: string): Promise<boolean>;

  /** True for the first caller with this id, false for all others for a day. */
  claimWebhook(id: string): Promise<boolean>;

  /** The room has ended: forgets its lease and its memory. Bans stay until they expire. */
  forgetRoom(room: string): Promise<void>;

  close(): Promise<void>;
}

/** An assistant that is silent for this long is lost. */
export const LEASE_MS = 1_500;
/** How often an assistant renews its lease. */
export const RENEW_MS = 500;
/** How long one program has for replacing a lost assistant before another one may try. */
export const CLAIM_MS = 3_000;
