import type { ConversationEvent, EngineFactory, EngineLogger } from '@parley/engine';
import type { ServerMessage } from '@parley/protocol';
import type { JoinRequest } from '../worker/attendee';

export interface RoomParticipantOptions extends JoinRequest {
  engines: { pipeline?: EngineFactory; agent?: EngineFactory };
  /** The protocol's message for an event; undefined if there is none. */
  toMessage: (event: ConversationEvent) => ServerMessage | undefined;
  logger: EngineLogger;
  /** For how long a room without people keeps its assistant. Default: 15 s. */
  emptyAfterMs?: number;
}
