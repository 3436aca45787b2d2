import type { DispatchClaim, DispatchReason, LostRoom, RoomLease } from '../store';
import type { SupervisedParticipant } from './supervised-rooms';

/** What the supervisor has learned. */
export type SupervisionNews =
  | { readonly type: 'time-passed' }
  /** The store was asked for the lost rooms, and has answered or not. */
  | { readonly type: 'store-answered'; readonly lost: readonly LostRoom[] }
  | { readonly type: 'store-failed'; readonly cause: string }
  /** All rooms, and all leases that are alive. */
  | { readonly type: 'surveyed'; readonly rooms: readonly string[]; readonly leases: readonly RoomLease[] }
  /** The media server says that the room has started, or that somebody has come or gone. */
  | { readonly type: 'room-changed'; readonly room: string }
  | { readonly type: 'room-finished'; readonly room: string }
  /** Answers to `look`. The lease was read after the participants. */
  | {
      readonly type: 'looked';
      readonly room: string;
      readonly participants: readonly SupervisedParticipant[];
      /** Of the assistant that attends the room; undefined if no lease is alive. */
      readonly lease: RoomLease | undefined;
    }
  | { readonly type: 'look-failed'; readonly room: string }
  /** Answers to `claim`. */
  | { readonly type: 'claimed'; readonly room: string; readonly reason: DispatchReason; readonly claim: DispatchClaim }
  | { readonly type: 'claim-failed'; readonly room: string }
  /** Answer to `dispatch`, whether or not it succeeded. */
  | { readonly type: 'dispatched'; readonly room: string };

/** `atMs` is monotonic time. */
export type SupervisionEvent = SupervisionNews & { readonly atMs: number };

export type SupervisionAction =
  /** Read the participants of the room, and then its lease. */
  | { readonly type: 'look'; readonly room: string }
  | { readonly type: 'claim'; readonly room: string; readonly reason: DispatchReason }
  /** Remove the assistant that had the room, if it has one, and have another one sent. */
  | { readonly type: 'dispatch'; readonly room: string; readonly reason: DispatchReason; readonly attempt: number }
  /** Remove an assistant from a room that another one attends. */
  | { readonly type: 'remove'; readonly room: string; readonly identity: string }
  /** Its conversation is over, though the media server has not said so: have the store forget the room. */
  | { readonly type: 'forget'; readonly room: string }
  /** Say that no assistant stays in this room. */
  | { readonly type: 'give-up'; readonly room: string };

/** People wait for an assistant for this long before another one is sent. */
export const UNATTENDED_MS = 3_500;
/** For this long if its assistant was there before and still has the lease: its connection is lost, or the room has moved to another node. */
export const GONE_MS = 1_500;
/** How often a room that is in order is looked at all the same: messages of the media server may be lost. */
export const LOOK_ROUND_MS = 30_000;
/** A room that is to have no assistant, or in which none stays, is left alone for this long. */
export const REST_MS = 30_000;
/** How soon a look or a claim that has failed is repeated. */
export const RETRY_MS = 500;
/** How soon a lost room without people is looked at again. */
export const EMPTY_RETRY_MS = 1_000;
/** A lost room without people for this long has ended. The media server keeps an empty room for less. */
export const EMPTY_MS = 60_000;
/** A room of which the media server has told something is kept for this long, even if its list of rooms does not have it yet. */
export const NEWS_MS = 10_000;
/** At most so many rooms are looked at at the same time. */
export const MOST_LOOKS = 64;
