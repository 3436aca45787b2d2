import type { ClientMessage } from '../wire/client-messages';
import {
  AudioChunkDto,
  EndConversationDto,
  HeartbeatDto,
  InterruptDto,
  PlaybackDto,
  StartConversationDto,
  TextMessageDto,
} from './client-message-dtos';
import { type MessageShapes, type Parsed, parseMessage, shapeOf } from './message-shapes';

/** A message that passed every rule, or the error to answer with: its public code and plain words that repeat nothing of what was sent. */
export type ParsedClientMessage = Parsed<ClientMessage>;

const SHAPES: MessageShapes<ClientMessage> = new Map([
  ['start_conversation', shapeOf<ClientMessage>(StartConversationDto)],
  ['audio_chunk', shapeOf<ClientMessage>(AudioChunkDto)],
  ['text_message', shapeOf<ClientMessage>(TextMessageDto)],
  ['interrupt', shapeOf<ClientMessage>(InterruptDto)],
  ['playback', shapeOf<ClientMessage>(PlaybackDto)],
  ['heartbeat', shapeOf<ClientMessage>(HeartbeatDto)],
  ['end_conversation', shapeOf<ClientMessage>(EndConversationDto)],
] satisfies [ClientMessage['type'], unknown][]);

/**
 * Parses one JSON text message of a conversation's client, by the rules of `parseMessage`.
 * For control messages: audio arrives as binary messages and never comes here (but for clients that asked for JSON audio).
 */
export function parseClientMessage(text: string): ParsedClientMessage {
  return parseMessage(text, SHAPES);
}
