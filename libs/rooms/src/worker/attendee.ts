import type { ConversationMemory } from '@parley/engine';

/** A room that this worker has to attend. */
export interface RoomJob {
  /** Id of the job at the media server. */
  jobId: string;
  room: string;
  /** Address of the media server. */
  url: string;
  /** Lets its holder join the room. A secret. */
  token: string;
  /** Who the assistant is in the room. */
  identity: string;
  /** What the dispatch says about the conversation. Not checked. */
  metadata: string;
}

/** Why the assistant is no longer in a room. */
export type RoomEnd =
  /** Nobody else is there any more. */
  | 'empty'
  /** Somebody has asked the assistant to leave, or the conversation has come to its end. */
  | 'ended'
  /** The media server says that the job is over: the room was deleted, or the assistant was removed. */
  | 'terminated'
  /** The room is another assistant's. */
  | 'lease_lost'
  /** The program ends. */
  | 'shutdown'
  /** The connection to the room is lost for good. */
  | 'disconnected'
  /** Something unexpected has happened. */
  | 'failed';

/** The assistant in a room, as its worker sees it. */
export interface Attendee {
  /** While it is on, nothing is audible and nothing that was said meanwhile is heard later. */
  silence(on: boolean): void;
  /** Resolves when everything is released. `onEnded` has been called by then. */
  leave(reason: RoomEnd): Promise<void>;
}

export interface JoinRequest {
  job: RoomJob;
  /** What the conversation remembers, if another assistant has held it before. */
  memory: ConversationMemory | undefined;
  /** After every turn. */
  onMemory: (memory: ConversationMemory) => void;
  /** The connection to the room is interrupted. May be called several times before it works again. */
  onReconnecting: () => void;
  /** The connection to the room was interrupted, and works again. */
  onReconnected: () => void;
  /** Once, when the assistant has left, for whatever reason. */
  onEnded: (reason: RoomEnd) => void;
}

/** Joins a room. Resolves when the assistant is there. When it rejects, nothing is left of the attempt. */
export type JoinRoom = (request: JoinRequest) => Promise<Attendee>;
