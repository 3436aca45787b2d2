import { asNumber, asObject, asString, type JsonObject, parseJsonObject } from '../shared/json';
import type { CharacterAlignment } from '../ports/text-to-speech';

/** The decoded content of one message of an agent's socket. */
export type AgentFrame =
  | { type: 'metadata'; conversationId: string | undefined; outputFormat: string; inputFormat: string }
  | { type: 'ping'; eventId: number; pingMs: number | undefined }
  | { type: 'transcript'; text: string; isFinal: boolean; eventId: number | undefined }
  | { type: 'reply_part'; text: string; eventId: number | undefined }
  | { type: 'reply'; text: string; eventId: number | undefined }
  | { type: 'correction'; original: string; text: string }
  | { type: 'audio'; base64: string; eventId: number | undefined; alignment: CharacterAlignment | undefined }
  | { type: 'interruption'; eventId: number | undefined }
  | { type: 'tool_call'; callId: string; name: string; parameters: JsonObject }
  | { type: 'end_call' }
  | { type: 'error'; code: number | undefined; errorType: string | undefined; message: string | undefined }
  | { type: 'ignored' }
  | { type: 'garbage' };

/** Names the field of a message that holds its event, and reads that event. `read` returns undefined if the event is malformed. */
interface FrameKind {
  envelope: string;
  read(event: JsonObject): AgentFrame | undefined;
}

const DEFAULT_FORMAT = 'pcm_16000';
const IGNORED: AgentFrame = { type: 'ignored' };

const transcript =
  (isFinal: boolean): FrameKind['read'] =>
  (event) => {
    const text = asString(event['user_transcript']);
    return text === undefined ? undefined : { type: 'transcript', text, isFinal, eventId: asNumber(event['event_id']) };
  };

/**
 * Message kinds by `type`. The field names follow no common rule. Types that are not listed are ignored, because the vendor keeps adding
 * new ones.
 */
const KINDS: ReadonlyMap<string, FrameKind> = new Map<string, FrameKind>([
  [
    'conversation_initiation_metadata',
    {
      envelope: 'conversation_initiation_metadata_event',
      read: (event) => ({
        type: 'metadata',
        conversationId: asString(event['conversation_id']),
        outputFormat: asString(event['agent_output_audio_format']) ?? DEFAULT_FORMAT,
        inputFormat: asString(event['user_input_audio_format']) ?? DEFAULT_FORMAT,
      }),
    },
  ],
  [
    'ping',
    {
      envelope: 'ping_event',
      read: (event) => {
        const eventId = asNumber(event['event_id']);
        return eventId === undefined ? undefined : { type: 'ping', eventId, pingMs: asNumber(event['ping_ms']) };
      },
    },
  ],
  ['tentative_user_transcript', { envelope: 'tentative_user_transcription_event', read: transcript(false) }],
  ['user_transcript', { envelope: 'user_transcription_event', read: transcript(true) }],
  [
    'agent_chat_response_part',
    {
      envelope: 'text_response_part',
      read: (event) => {
        const text = asString(event['text']);
        if (event['type'] !== 'delta' || text === undefined || text === '') return IGNORED;
        return { type: 'reply_part', text, eventId: asNumber(event['event_id']) };
      },
    },
  ],
  [
    'agent_response',
    {
      envelope: 'agent_response_event',
      read: (event) => {
        const text = asString(event['agent_response']);
        return text === undefined ? undefined : { type: 'reply', text, eventId: asNumber(event['event_id']) };
      },
    },
  ],
  [
    'agent_response_correction',
    {
      envelope: 'agent_response_correction_event',
      read: (event) => {
        const text = asString(event['corrected_agent_response']);
        return text === undefined ? undefined : { type: 'correction', original: asString(event['original_agent_response']) ?? '', text };
      },
    },
  ],
  [
    'audio',
    {
      envelope: 'audio_event',
      read: (event) => {
        const base64 = asString(event['audio_base_64']);
        if (base64 === undefined) return undefined;
        return { type: 'audio', base64, eventId: asNumber(event['event_id']), alignment: readAlignment(event['alignment']) };
      },
    },
  ],
  ['interruption', { envelope: 'interruption_event', read: (event) => ({ type: 'interruption', eventId: asNumber(event['event_id']) }) }],
  [
    'client_tool_call',
    {
      envelope: 'client_tool_call',
      read: (event) => {
        const callId = asString(event['tool_call_id']);
        if (callId === undefined) return undefined;
        return { type: 'tool_call', callId, name: asString(event['tool_name']) ?? '', parameters: asObject(event['parameters']) ?? {} };
      },
    },
  ],
  [
    'agent_tool_response',
    {
      envelope: 'agent_tool_response',
      read: (event) => (event['tool_name'] === 'end_call' && event['is_error'] !== true ? { type: 'end_call' } : IGNORED),
    },
  ],
]);

/** Decodes one message. Never throws. A message that does not follow the protocol of the vendor is `garbage`. */
export function decodeAgentFrame(text: string): AgentFrame {
  const message = parseJsonObject(text);
  const type = asString(message?.['type']);
  if (!message || type === undefined) return { type: 'garbage' };
  if (type === 'error') return readError(message);
  const kind = KINDS.get(type);
  if (!kind) return IGNORED;
  const event = asObject(message[kind.envelope]);
  // A malformed correction, ping or transcript does no harm and is ignored.
  return (event && kind.read(event)) ?? IGNORED;
}

/** Reads an error, either in the documented envelope or flat. A used-up quota arrives flat, as `{type, message}`. */
function readError(message: JsonObject): AgentFrame {
  const event = asObject(message['error_event']) ?? message;
  return {
    type: 'error',
    code: asNumber(event['code']),
    errorType: asString(event['error_type']),
    message: asString(event['message']),
  };
}

function readAlignment(value: unknown): CharacterAlignment | undefined {
  const alignment = asObject(value);
  const chars = asArray(alignment?.['chars']);
  const startMs = asArray(alignment?.['char_start_times_ms']);
  const durationMs = asArray(alignment?.['char_durations_ms']);
  if (chars.length === 0 || startMs.length !== chars.length || durationMs.length !== chars.length) return undefined;
  const texts = chars.flatMap((char) => asString(char) ?? []);
  const starts = startMs.flatMap((ms) => asNumber(ms) ?? []);
  const durations = durationMs.flatMap((ms) => asNumber(ms) ?? []);
  const isWhole = [texts, starts, durations].every((list) => list.length === chars.length);
  return isWhole ? { chars: texts, startMs: starts, durationMs: durations } : undefined;
}

const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
