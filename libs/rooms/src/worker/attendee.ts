import type { RoomEndReason, RoomParticipantOptions } from '../participant/room-job';

/** The assistant in a room, as its worker sees it: a `RoomParticipant`. */
export interface Attendee {
  /** While it is on, nothing is audible and nothing that was said meanwhile is heard later. */
  silence(on: boolean): void;
  /** Resolves when everything is released. `onEnded` has been called by then. */
  leave(reason: RoomEndReason): Promise<void>;
}

/** What the worker decides of an assistant's stay in a room. */
export type JoinRequest = Pick<RoomParticipantOptions, 'job' | 'memory' | 'onMemory' | 'onReconnected' | 'onEnded'>;

/** Joins a room. Resolves when the assistant is there. When it rejects, nothing is left of the attempt. */
export type JoinRoom = (request: JoinRequest) => Promise<Attendee>;
