import type { JoinRoom } from '../../wire/rooms/room-api';
import type { RoomClientMessage } from '../../wire/rooms/room-messages';
import { EndConversationDto, InterruptDto, TextMessageDto } from '../client-message-dtos';
import { isRecord, type MessageShapes, type Parsed, parseMessage, shapeOf } from '../message-shapes';
import { check, NO_OBJECT, type ParsedBody, taken } from '../request-body';
import { JoinRoomDto } from './room-dtos';

/** Checks the body of `POST /api/rooms`, parsed from JSON. */
export const parseJoinRoom = (input: unknown): ParsedBody<JoinRoom> =>
  isRecord(input) ? check<JoinRoom>(taken(JoinRoomDto, input)) : NO_OBJECT;

const ROOM_SHAPES: MessageShapes<RoomClientMessage> = new Map([
  ['text_message', shapeOf<RoomClientMessage>(TextMessageDto)],
  ['interrupt', shapeOf<RoomClientMessage>(InterruptDto)],
  ['end_conversation', shapeOf<RoomClientMessage>(EndConversationDto)],
]);

/** Checks a data message of a participant to the assistant. Never throws, whatever the text holds. */
export const parseRoomMessage = (text: string): Parsed<RoomClientMessage> => parseMessage(text, ROOM_SHAPES);
