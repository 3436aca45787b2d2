import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage } from 'class-validator';
import * as dtos from '../validation/client-message-dtos';
import * as narrationDtos from '../validation/narration/narration-message-dtos';
import { JoinRoomDto } from '../validation/rooms/room-dtos';
import { AUDIO_CHUNK_FORMATS, PLAYBACK_EVENTS } from './client-messages';
import {
  CloseCode,
  FRAME_BYTES,
  INPUT_SAMPLE_RATE_HZ,
  MAX_AUDIO_MESSAGE_BYTES,
  MAX_TEXT_LENGTH,
  MAX_NARRATION_LENGTH,
  MAX_NARRATION_PIECE_LENGTH,
  WS_AGENT_PATH,
  WS_NARRATION_PATH,
  WS_PATH,
} from './constants';
import { NARRATION_FORMATS, NARRATION_LATENCIES } from './narration/narration-client-messages';
import { NARRATION_ERROR_CODES, type NarrationServerMessage } from './narration/narration-server-messages';
import type { RoomAccess, RoomIngress, RoomParticipantSummary, RoomRecording, RoomSummary } from './rooms/room-api';
import { SESSION_TOKEN_PURPOSES, type SessionToken } from './session-tokens';
import { ROOM_TOPIC, type RoomClientMessage } from './rooms/room-messages';
import type { RoomsDescription } from './public-config';
import { CONVERSATION_STATES, ERROR_CODES, NOTICE_CODES, type ServerMessage, TURN_MARKS } from './server-messages';

const text = readFileSync(join(__dirname, '../../PROTOCOL.md'), 'utf8');

/** The message types in the first column of the table under a heading; a row may name several. */
function typesUnder(heading: string): string[] {
  const [, section] = new RegExp(`\\n##+ ${heading}\\n([^]*?)(?=\\n##|$)`).exec(text) ?? [];
  const firstColumns = [...(section ?? '').matchAll(/^\| (`[^|]+`) /gm)].map(([, column]) => column);
  return firstColumns.flatMap((column) => [...column.matchAll(/`(?!type`)(\w+)`/g)].map(([, type]) => type));
}

/** Every type of server message: the compiler asks for one that is missing here. */
const SERVER_TYPES: Record<ServerMessage['type'], true> = {
  connection_established: true,
  conversation_started: true,
  state: true,
  transcript: true,
  text_response: true,
  audio_response: true,
  interruption: true,
  duck: true,
  pause: true,
  turn_metrics: true,
  error: true,
  notice: true,
  heartbeat: true,
  conversation_ending: true,
  conversation_ended: true,
};

const CLIENT_MESSAGES = {
  start_conversation: dtos.StartConversationDto,
  audio_chunk: dtos.AudioChunkDto,
  text_message: dtos.TextMessageDto,
  interrupt: dtos.InterruptDto,
  playback: dtos.PlaybackDto,
  heartbeat: dtos.HeartbeatDto,
  end_conversation: dtos.EndConversationDto,
};

const NARRATION_SERVER_TYPES: Record<NarrationServerMessage['type'], true> = {
  connection_established: true,
  narration_started: true,
  alignment: true,
  audio_format: true,
  narration_paused: true,
  narration_metrics: true,
  narration_completed: true,
  error: true,
  notice: true,
  heartbeat: true,
};

const NARRATION_CLIENT_MESSAGES = {
  start_narration: narrationDtos.StartNarrationDto,
  text: narrationDtos.NarrationTextDto,
  flush: narrationDtos.FlushNarrationDto,
  set_voice: narrationDtos.SetNarrationVoiceDto,
  pause: narrationDtos.PauseNarrationDto,
  resume: narrationDtos.ResumeNarrationDto,
  cancel: narrationDtos.CancelNarrationDto,
  end_text: narrationDtos.EndNarrationTextDto,
  playback: dtos.PlaybackDto,
  heartbeat: dtos.HeartbeatDto,
};

/** The fields of what requests about rooms are answered with, by the beginning of the row that describes it. The compiler asks for missing ones. */
const ROOM_ANSWERS: readonly [row: string, fields: Record<string, true>][] = [
  ['POST /api/rooms', { url: true, room: true, token: true, expires_at: true } satisfies Record<keyof RoomAccess, true>],
  ['GET /api/rooms', { room: true, created_at: true, participants: true, recording: true } satisfies Record<keyof RoomSummary, true>],
  [
    'GET /api/rooms/:room/participants',
    { identity: true, name: true, kind: true, joined_at: true, microphone: true, camera: true } satisfies Record<
      keyof RoomParticipantSummary,
      true
    >,
  ],
  ['POST /api/rooms/:room/recording', { recording_id: true } satisfies Record<keyof RoomRecording, true>],
  ['POST /api/rooms/:room/ingress', { ingress_id: true, url: true, stream_key: true } satisfies Record<keyof RoomIngress, true>],
];
const ROOM_CONFIG: Record<keyof RoomsDescription, true> = {
  ...{ available: true, detail: true, assistant_name: true, recording: true, open: true },
};
const ROOM_CLIENT_TYPES: Record<RoomClientMessage['type'], true> = { text_message: true, interrupt: true, end_conversation: true };

const sectionOf = (heading: string): string => new RegExp(`\\n##+ ${heading}\\n([^]*?)(?=\\n##|$)`).exec(text)?.[1] ?? '';

function fieldsOf(messageClass: new () => object): Set<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(messageClass, '', false, false);
  return new Set(rules.map(({ propertyName }) => propertyName).filter((field) => field !== 'type'));
}

describe('PROTOCOL.md', () => {
  it('has a row for every message of the client and of the server', () => {
    expect(typesUnder('Client to server').sort()).toEqual(Object.keys(CLIENT_MESSAGES).sort());
    expect(typesUnder('Server to client').sort()).toEqual(Object.keys(SERVER_TYPES).sort());
  });

  it('has a row for every message of a narration', () => {
    expect(typesUnder('Narration: client to server').sort()).toEqual(Object.keys(NARRATION_CLIENT_MESSAGES).sort());
    expect(typesUnder('Narration: server to client').sort()).toEqual(Object.keys(NARRATION_SERVER_TYPES).sort());
  });

  it.each(Object.entries(NARRATION_CLIENT_MESSAGES))('names every field of %s of a narration', (type, messageClass) => {
    const [, section] = text.split('### Narration: client to server');
    const row = section.split('\n').find((line) => new RegExp(`^\\| [^|]*\`${type}\``).test(line));
    for (const field of fieldsOf(messageClass)) expect(row).toContain(`\`${field}\``);
  });

  it.each(Object.entries(CLIENT_MESSAGES))('names every field of %s', (type, messageClass) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${type}\``));
    const rules = getMetadataStorage().getTargetValidationMetadatas(messageClass, '', false, false);
    const fields = new Set(rules.map(({ propertyName }) => propertyName));
    for (const field of fields) expect(row).toContain(`\`${field}\``.replace('`type`', type));
  });

  it('names every field of a request to join a room', () => {
    const row = sectionOf('Rooms: requests')
      .split('\n')
      .find((line) => line.startsWith('| `POST /api/rooms` '));
    for (const field of fieldsOf(JoinRoomDto)) expect(row).toContain(`\`${field}\``);
  });

  it.each(ROOM_ANSWERS)('names every field that %s is answered with', (request, fields) => {
    const row = sectionOf('Rooms: requests')
      .split('\n')
      .find((line) => line.startsWith(`| \`${request}\` `));
    for (const field of Object.keys(fields)) expect(row).toContain(`\`${field}\``);
  });

  it('names what the configuration tells about rooms, and the messages of participants', () => {
    for (const field of Object.keys(ROOM_CONFIG)) expect(sectionOf('Rooms: requests')).toContain(`\`${field}\``);
    const messages = sectionOf('Rooms: data messages');
    expect(messages).toContain(`the topic \`${ROOM_TOPIC}\``);
    const sent = [...messages.matchAll(/^\| a participant \| `(\w+)`/gm)].map(([, type]) => type);
    expect(sent.sort()).toEqual(Object.keys(ROOM_CLIENT_TYPES).sort());
  });

  it('names what a session token may be for, and what it is answered with', () => {
    const answer: Record<keyof SessionToken, true> = { token: true, expires_at: true };
    for (const name of [...SESSION_TOKEN_PURPOSES.map((purpose) => `"${purpose}"`), ...Object.keys(answer), 'session_token'])
      expect(sectionOf('Session tokens')).toContain(`\`${name}\``);
  });

  it.each([
    ['error codes', ERROR_CODES],
    ['notice codes', NOTICE_CODES],
    ['marks', TURN_MARKS],
    ['states', CONVERSATION_STATES],
    ['audio formats', AUDIO_CHUNK_FORMATS],
    ['endpoints', [`GET ${WS_PATH}`, `GET ${WS_AGENT_PATH}`, `GET ${WS_NARRATION_PATH}`]],
    ['error codes of a narration', NARRATION_ERROR_CODES],
  ])('names all %s', (_, names) => {
    for (const name of names) expect(text).toContain(`\`${name}\``);
  });

  it('names the playback events, the close codes and the limits that the code has', () => {
    for (const event of PLAYBACK_EVENTS) expect(text).toContain(`\`"${event}"\``);
    for (const name of [...NARRATION_FORMATS, ...NARRATION_LATENCIES]) expect(text).toContain(`\`"${name}"\``);
    for (const code of Object.values(CloseCode)) expect(text).toContain(String(code));
    const spaced = (value: number): string => value.toLocaleString('en').replaceAll(',', ' ');
    expect(text).toContain(`${spaced(INPUT_SAMPLE_RATE_HZ)} Hz`);
    expect(text).toContain(`${FRAME_BYTES} bytes`);
    expect(text).toContain(`${spaced(MAX_AUDIO_MESSAGE_BYTES)} bytes`);
    for (const length of [MAX_TEXT_LENGTH, MAX_NARRATION_PIECE_LENGTH, MAX_NARRATION_LENGTH]) {
      expect(text).toContain(`${spaced(length)} characters`);
    }
  });
});
