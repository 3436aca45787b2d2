import type { EndConversation, Interrupt, TextMessage } from '../client-messages';
import type { ServerMessage, TranscriptMessage } from '../server-messages';

/** Topic of the data messages between the assistant and the people of a room: JSON in UTF-8, one message each, sent reliably. */
export const ROOM_TOPIC = 'parley';

/** Attribute of an assistant: how long the way from its program to the media server and back takes, in whole ms. */
export const ROUND_TRIP_ATTRIBUTE = 'parley.rtt_ms';

/** A transcript in a room also says who spoke. */
export interface RoomTranscript extends TranscriptMessage {
  /** Identity of the participant who spoke, or who wrote. */
  identity?: string;
}

/** What the assistant sends to everybody in the room. Speech goes over its audio track instead. */
export type RoomServerMessage = Exclude<ServerMessage, TranscriptMessage> | RoomTranscript;

/** What a participant may send to the assistant. `end_conversation` makes the assistant leave. */
export type RoomClientMessage = TextMessage | Interrupt | EndConversation;
