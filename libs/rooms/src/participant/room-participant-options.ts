import type { ConversationEvent, EngineFactory, EngineLogger } from '@parley/engine';
import type { ServerMessage } from '@parley/protocol';
import type { JoinRequest } from '../worker/attendee';
import type { SpokenLine } from './opening-line';

export type OpeningOccasion = 'greeting' | 'resumption';

export interface RoomParticipantOptions extends JoinRequest {
  engines: { pipeline?: EngineFactory; agent?: EngineFactory };
  /** The protocol's message for an event; undefined if there is none. */
  toMessage: (event: ConversationEvent) => ServerMessage | undefined;
  /**
   * What the assistant says by itself: when people meet it for the first time, and when it goes on in the place of one that was lost. Undefined
   * for nothing.
   */
  openingLine?: (occasion: OpeningOccasion) => Promise<SpokenLine | undefined>;
  /** Length of the pieces in which the sound of microphones is taken from the media server's client, in ms. Default: 20. */
  microphoneFrameMs?: 10 | 20;
  logger: EngineLogger;
  /** For how long a room without people keeps its assistant. Default: 15 s. */
  emptyAfterMs?: number;
}
