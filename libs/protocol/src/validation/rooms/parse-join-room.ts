import type { JoinRoom } from '../../wire/rooms/room-api';
import { isRecord } from '../message-shapes';
import { check, NO_OBJECT, type ParsedBody, taken } from '../request-body';
import { JoinRoomDto } from './room-dtos';

/** Checks the body of `POST /api/rooms`, parsed from JSON. */
export const parseJoinRoom = (input: unknown): ParsedBody<JoinRoom> =>
  isRecord(input) ? check<JoinRoom>(taken(JoinRoomDto, input)) : NO_OBJECT;
