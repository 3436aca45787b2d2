/** Everything the server sends as JSON. Binary speech frames are in speech-frame.ts. */

export const CONVERSATION_STATES = ['IDLE', 'USER_SPEAKING', 'AI_PROCESSING', 'AI_SPEAKING'] as const;
export type ConversationState = (typeof CONVERSATION_STATES)[number];

export type EngineName = 'pipeline' | 'agent';
export type StageName = 'stt' | 'llm' | 'tts' | 'agent';
export type InterruptionReason = 'speech' | 'text' | 'button';
export type EndReason = 'client' | 'inactivity_timeout' | 'server_shutdown' | 'error';

export const ERROR_CODES = [
  'bad_message',
  'unknown_type',
  'not_started',
  'already_started',
  'invalid_audio',
  'unsupported_format',
  'rate_limited',
  'stt_failed',
  'llm_failed',
  'tts_failed',
  'agent_failed',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ConnectionEstablished {
  type: 'connection_established';
  message: string;
  protocol: number;
}

/** Which vendor answers for a stage, and whether it is the built-in simulator. */
export interface ProviderDescription {
  name: string;
  simulated: boolean;
}

export interface AudioFormat {
  encoding: 'pcm_s16le';
  sample_rate: number;
}

export interface ConversationStarted {
  type: 'conversation_started';
  conversation_id: string;
  engine: EngineName;
  input_audio: AudioFormat & { frame_ms: number };
  output_audio: AudioFormat;
  providers: Partial<Record<StageName, ProviderDescription>>;
  timing: { end_of_turn_silence_ms: number; inactivity_timeout_ms: number };
}

export interface StateChanged {
  type: 'state';
  state: ConversationState;
  turn: number;
}

export interface TranscriptMessage {
  type: 'transcript';
  turn: number;
  text: string;
  is_final: boolean;
}

/** `text` is what is new since the last one; the final one also carries the whole reply. */
export interface TextResponse {
  type: 'text_response';
  turn: number;
  text: string;
  is_final: boolean;
  full_text?: string;
}

/** Speech for clients that asked for `audio_transport: "json"`. `data` is base64 PCM at the output rate. */
export interface AudioResponse {
  type: 'audio_response';
  turn: number;
  seq: number;
  data: string;
  text?: string;
  is_final: boolean;
}

/** `turn` is the one stopped; the client drops all of its audio at once, queued and arriving later. */
export interface Interruption {
  type: 'interruption';
  turn: number;
  reason: InterruptionReason;
}

export interface Duck {
  type: 'duck';
  turn: number;
  active: boolean;
}

export const TURN_MARKS = [
  'speech_end',
  'turn_end',
  'stt_final',
  'llm_request',
  'llm_first_token',
  'tts_request',
  'tts_first_audio',
  'audio_sent',
  'playback_started',
] as const;
export type TurnMark = (typeof TURN_MARKS)[number];

/** Milliseconds since the user's last voiced frame (`speech_end` = 0), for the marks that happened. */
export interface TurnMetrics {
  type: 'turn_metrics';
  turn: number;
  marks: Partial<Record<TurnMark, number>>;
  speculative: boolean;
}

export interface ErrorMessage {
  type: 'error';
  code: ErrorCode;
  message: string;
  fatal: boolean;
  stage?: StageName;
}

export interface ServerHeartbeat {
  type: 'heartbeat';
}

export interface ConversationEnded {
  type: 'conversation_ended';
  reason: EndReason;
}

export type ServerMessage =
  | ConnectionEstablished
  | ConversationStarted
  | StateChanged
  | TranscriptMessage
  | TextResponse
  | AudioResponse
  | Interruption
  | Duck
  | TurnMetrics
  | ErrorMessage
  | ServerHeartbeat
  | ConversationEnded;
