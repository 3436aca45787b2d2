import { isObject, parseObject, type JsonObject } from '../../server/json';
import type { SocketFailure } from '../../server/socket-link';
import { agentFailure } from './agent-errors';

/** A validated frame from the client. */
export type ClientEvent =
  | { type: 'conversation_initiation_client_data'; data: JsonObject }
  | { type: 'user_audio_chunk'; audio: Buffer }
  | { type: 'pong'; eventId: number }
  | { type: 'user_message'; text: string }
  | { type: 'user_activity' }
  | { type: 'contextual_update'; text: string }
  | { type: 'client_tool_result'; toolCallId: string; result: string; isError: boolean }
  | { type: 'feedback' }
  | { type: 'mcp_tool_approval_result' };

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The fields of each frame and their types; a question mark means that the field may be left out. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, 'string' | 'number' | 'boolean' | 'boolean?'>>>> = {
  conversation_initiation_client_data: {},
  pong: { event_id: 'number' },
  user_message: { text: 'string' },
  user_activity: {},
  contextual_update: { text: 'string' },
  client_tool_result: { tool_call_id: 'string', result: 'string', is_error: 'boolean?' },
  feedback: { event_id: 'number', score: 'string' },
  mcp_tool_approval_result: { tool_call_id: 'string', is_approved: 'boolean' },
  multimodal_message: {},
};

/** The frame, or the failure that ends the conversation. */
export function parseClientEvent(text: string): ClientEvent | SocketFailure {
  const message = parseObject(text);
  if (!message) return agentFailure('invalid_message', 'The message is not a JSON object.');
  const { type } = message;
  if (type === undefined && 'user_audio_chunk' in message) return audioChunk(message['user_audio_chunk']);
  const fields = typeof type === 'string' && Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (!fields) return agentFailure('invalid_message', `There is no message of type ${JSON.stringify(type)}.`);
  for (const [name, wanted] of Object.entries(fields)) {
    const value = message[name];
    const isMissing = value === undefined || value === null;
    if (isMissing && wanted.endsWith('?')) continue;
    if (isMissing) return agentFailure('missing_fields', `The field ${name} is missing in ${String(type)}.`);
    if (!wanted.startsWith(typeof value)) return agentFailure('value_error', `The field ${name} of ${String(type)} must be a ${wanted}.`);
  }
  return typed(message);
}

function audioChunk(chunk: unknown): ClientEvent | SocketFailure {
  if (typeof chunk !== 'string' || chunk.length % 4 !== 0 || !BASE64.test(chunk)) {
    return agentFailure('value_error', 'user_audio_chunk must be a base64 string.');
  }
  return { type: 'user_audio_chunk', audio: Buffer.from(chunk, 'base64') };
}

/** Builds the typed event. The fields were checked by name above, which the compiler cannot follow. */
function typed(message: JsonObject): ClientEvent | SocketFailure {
  const string = (name: string): string => String(message[name]);
  switch (message['type']) {
    case 'conversation_initiation_client_data':
      return { type: 'conversation_initiation_client_data', data: message };
    case 'pong':
      return { type: 'pong', eventId: Number(message['event_id']) };
    case 'user_message':
      return { type: 'user_message', text: string('text') };
    case 'contextual_update':
      return { type: 'contextual_update', text: string('text') };
    case 'client_tool_result':
      return {
        type: 'client_tool_result',
        toolCallId: string('tool_call_id'),
        result: string('result'),
        isError: message['is_error'] === true,
      };
    case 'feedback':
      return message['score'] === 'like' || message['score'] === 'dislike'
        ? { type: 'feedback' }
        : agentFailure('value_error', 'The score of feedback must be like or dislike.');
    case 'mcp_tool_approval_result':
      return { type: 'mcp_tool_approval_result' };
    case 'multimodal_message':
      return multimodal(message['text']);
    default:
      return { type: 'user_activity' };
  }
}

/** Of a multimodal message the agent uses only the text; it cannot process images. */
function multimodal(part: unknown): ClientEvent | SocketFailure {
  if (!isObject(part)) return agentFailure('missing_fields', 'The field text is missing in multimodal_message.');
  const { text } = part;
  return typeof text === 'string'
    ? { type: 'user_message', text }
    : agentFailure('value_error', 'The field text of multimodal_message must be a user_message.');
}
