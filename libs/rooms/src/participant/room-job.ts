import type { ConversationEvent, ConversationMemory, EngineFactory, EngineLogger } from '@parley/engine';
import type { ServerMessage } from '@parley/protocol';

/** A room that an assistant has to join. */
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
  /** `JobMetadata` as JSON. Not checked. */
  metadata: string;
}

/** Why the assistant is no longer in a room. */
export type RoomEndReason =
  /** Nobody else is there any more. */
  | 'empty'
  /** Somebody has asked the assistant to leave, or the conversation has come to its end. */
  | 'ended'
  /** The room was deleted, or the assistant was removed. */
  | 'terminated'
  /** The room is another assistant's. */
  | 'lease_lost'
  /** The program ends. */
  | 'shutdown'
  /** The connection to the room is lost for good. */
  | 'disconnected'
  /** Something unexpected has happened. */
  | 'failed';

export interface RoomParticipantOptions {
  job: RoomJob;
  engines: { pipeline?: EngineFactory; agent?: EngineFactory };
  /** The protocol's message for an event; undefined if there is none. */
  toMessage: (event: ConversationEvent) => ServerMessage | undefined;
  /** What the conversation remembers, if another assistant has held it before. */
  memory?: ConversationMemory | undefined;
  /** After every turn, and when a turn has been said. */
  onMemory: (memory: ConversationMemory) => void;
  /** The connection to the room was interrupted, and works again. */
  onReconnected: () => void;
  /** Once, when everything is released. Not called if joining fails. */
  onEnded: (reason: RoomEndReason) => void;
  logger: EngineLogger;
  /** For how long a room without people keeps its assistant. Default: 15 s. */
  emptyAfterMs?: number;
}
