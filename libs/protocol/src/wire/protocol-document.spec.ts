import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage } from 'class-validator';
import * as dtos from '../validation/client-message-dtos';
import { AUDIO_CHUNK_FORMATS, PLAYBACK_EVENTS } from './client-messages';
import {
  CloseCode,
  FRAME_BYTES,
  INPUT_SAMPLE_RATE_HZ,
  MAX_AUDIO_MESSAGE_BYTES,
  MAX_TEXT_LENGTH,
  WS_AGENT_PATH,
  WS_PATH,
} from './constants';
import { CONVERSATION_STATES, ERROR_CODES, NOTICE_CODES, type ServerMessage, TURN_MARKS } from './server-messages';

const text = readFileSync(join(__dirname, '../../PROTOCOL.md'), 'utf8');

/** The message types in the first column of the table under a heading. */
function typesUnder(heading: string): string[] {
  const section = text.split(`\n## ${heading}\n`)[1].split('\n## ')[0];
  return [...section.matchAll(/^\| `(?!type`)(\w+)` /gm)].map(([, type]) => type);
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

describe('PROTOCOL.md', () => {
  it('has a row for every message of the client and of the server', () => {
    expect(typesUnder('Client to server').sort()).toEqual(Object.keys(CLIENT_MESSAGES).sort());
    expect(typesUnder('Server to client').sort()).toEqual(Object.keys(SERVER_TYPES).sort());
  });

  it.each(Object.entries(CLIENT_MESSAGES))('names every field of %s', (type, messageClass) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${type}\``));
    const rules = getMetadataStorage().getTargetValidationMetadatas(messageClass, '', false, false);
    const fields = new Set(rules.map(({ propertyName }) => propertyName));
    for (const field of fields) expect(row).toContain(`\`${field}\``.replace('`type`', type));
  });

  it.each([
    ['error codes', ERROR_CODES],
    ['notice codes', NOTICE_CODES],
    ['marks', TURN_MARKS],
    ['states', CONVERSATION_STATES],
    ['audio formats', AUDIO_CHUNK_FORMATS],
    ['endpoints', [`GET ${WS_PATH}`, `GET ${WS_AGENT_PATH}`]],
  ])('names all %s', (_, names) => {
    for (const name of names) expect(text).toContain(`\`${name}\``);
  });

  it('names the playback events, the close codes and the limits that the code has', () => {
    for (const event of PLAYBACK_EVENTS) expect(text).toContain(`\`"${event}"\``);
    for (const code of Object.values(CloseCode)) expect(text).toContain(String(code));
    const spaced = (value: number): string => value.toLocaleString('en').replaceAll(',', ' ');
    expect(text).toContain(`${spaced(INPUT_SAMPLE_RATE_HZ)} Hz`);
    expect(text).toContain(`${FRAME_BYTES} bytes`);
    expect(text).toContain(`${spaced(MAX_AUDIO_MESSAGE_BYTES)} bytes`);
    expect(text).toContain(`${spaced(MAX_TEXT_LENGTH)} characters`);
  });
});
