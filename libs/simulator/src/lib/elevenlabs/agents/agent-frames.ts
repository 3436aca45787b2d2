import type { SpokenCharacter } from '../spoken-characters';
import type { AgentAudioFormat } from './agent-audio-format';

/** The server's events, as `client_events` names them. */
export const AGENT_EVENT_NAMES = [
  'conversation_initiation_metadata',
  'ping',
  'vad_score',
  'tentative_user_transcript',
  'user_transcript',
  'internal_tentative_agent_response',
  'agent_chat_response_part',
  'agent_response',
  'audio',
  'interruption',
  'agent_response_correction',
  'client_tool_call',
  'agent_tool_response',
] as const;

export type AgentEventName = (typeof AGENT_EVENT_NAMES)[number];

/** A server frame. The vendor's body keys follow no pattern, so each kind of frame has its own function here. */
export interface AgentFrame {
  type: AgentEventName;
  [body: string]: unknown;
}

export function metadataFrame(conversationId: string, output: AgentAudioFormat, input: AgentAudioFormat): AgentFrame {
  return {
    type: 'conversation_initiation_metadata',
    conversation_initiation_metadata_event: {
      conversation_id: conversationId,
      agent_output_audio_format: output,
      user_input_audio_format: input,
    },
  };
}

export function pingFrame(eventId: number, pingMs: number | null): AgentFrame {
  return { type: 'ping', ping_event: { event_id: eventId, ping_ms: pingMs } };
}

export function vadScoreFrame(score: number): AgentFrame {
  return { type: 'vad_score', vad_score_event: { vad_score: score } };
}

export function tentativeTranscriptFrame(eventId: number, text: string): AgentFrame {
  return { type: 'tentative_user_transcript', tentative_user_transcription_event: { user_transcript: text, event_id: eventId } };
}

export function transcriptFrame(eventId: number, text: string): AgentFrame {
  return { type: 'user_transcript', user_transcription_event: { user_transcript: text, event_id: eventId } };
}

export function tentativeResponseFrame(text: string): AgentFrame {
  return { type: 'internal_tentative_agent_response', tentative_agent_response_internal_event: { tentative_agent_response: text } };
}

export function responsePartFrame(eventId: number, type: 'start' | 'delta' | 'stop', text: string): AgentFrame {
  return { type: 'agent_chat_response_part', text_response_part: { text, type, event_id: eventId } };
}

export function responseFrame(eventId: number, text: string): AgentFrame {
  return { type: 'agent_response', agent_response_event: { agent_response: text, event_id: eventId } };
}

/** `characters`: times from the start of this audio; undefined: no alignment is sent. */
export function audioFrame(eventId: number, audioBase64: string, characters: readonly SpokenCharacter[] | undefined): AgentFrame {
  const alignment = characters && {
    chars: characters.map(({ char }) => char),
    char_start_times_ms: characters.map(({ startMs }) => Math.round(startMs)),
    char_durations_ms: characters.map(({ startMs, endMs }) => Math.round(endMs) - Math.round(startMs)),
  };
  return { type: 'audio', audio_event: { audio_base_64: audioBase64, event_id: eventId, ...(alignment && { alignment }) } };
}

export function interruptionFrame(eventId: number): AgentFrame {
  return { type: 'interruption', interruption_event: { event_id: eventId } };
}

export function correctionFrame(eventId: number, original: string, corrected: string): AgentFrame {
  return {
    type: 'agent_response_correction',
    agent_response_correction_event: { original_agent_response: original, corrected_agent_response: corrected, event_id: eventId },
  };
}

export function toolCallFrame(eventId: number, toolName: string, toolCallId: string, parameters: object): AgentFrame {
  return { type: 'client_tool_call', client_tool_call: { tool_name: toolName, tool_call_id: toolCallId, parameters, event_id: eventId } };
}

export function toolResponseFrame(eventId: number, toolName: string, toolCallId: string): AgentFrame {
  return {
    type: 'agent_tool_response',
    agent_tool_response: {
      tool_name: toolName,
      tool_call_id: toolCallId,
      tool_type: 'system',
      is_error: false,
      is_called: true,
      event_id: eventId,
    },
  };
}
