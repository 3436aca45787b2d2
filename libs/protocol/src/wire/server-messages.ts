/** Everything the server sends as JSON. Binary speech frames are in speech-frame.ts. */

/** The phases of a conversation, as a client sees them. */
export const CONVERSATION_STATES = ['IDLE', 'USER_SPEAKING', 'AI_PROCESSING', 'AI_SPEAKING'] as const;
/** One of `CONVERSATION_STATES`. */
export type ConversationState = (typeof CONVERSATION_STATES)[number];

/** Who holds the conversation: our own turn-taking over three vendors, or the vendor's agent. */
export type EngineName = 'pipeline' | 'agent';
/** A place where a vendor does the work: three for `pipeline`, one for `agent`. */
export type StageName = 'stt' | 'llm' | 'tts' | 'agent';
/** What stopped the assistant: the user's voice, a typed message or the stop button. */
export type InterruptionReason = 'speech' | 'text' | 'button';
/** Why a conversation ended. One that has had its greatest length ends with `server_shutdown`, after a `conversation_ending`. */
export type EndReason = 'client' | 'inactivity_timeout' | 'server_shutdown' | 'error';

/** Every code of an `error` message; clients may rely on them. */
export const ERROR_CODES = [
  'bad_message',
  'unknown_type',
  'not_started',
  'already_started',
  'invalid_audio',
  'unsupported_format',
  'rate_limited',
  'not_authorized',
  'not_allowed',
  'server_busy',
  'budget_spent',
  'stt_failed',
  'llm_failed',
  'tts_failed',
  'agent_failed',
  'internal',
] as const;
/** One of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** First message on every connection. */
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

/** How PCM is laid out: mono, at `sample_rate` Hz. */
export interface AudioFormat {
  encoding: 'pcm_s16le';
  sample_rate: number;
}

/** Answer to `start_conversation`: what was agreed. `providers` names the stages of the chosen engine. */
export interface ConversationStarted {
  type: 'conversation_started';
  conversation_id: string;
  engine: EngineName;
  input_audio: AudioFormat & { frame_ms: number };
  output_audio: AudioFormat;
  providers: Partial<Record<StageName, ProviderDescription>>;
  timing: { end_of_turn_silence_ms: number; inactivity_timeout_ms: number };
}

/** The conversation has entered another state. */
export interface StateChanged {
  type: 'state';
  state: ConversationState;
  turn: number;
}

/** What the user was heard to say; a later one for the same turn replaces it until `is_final`. */
export interface TranscriptMessage {
  type: 'transcript';
  turn: number;
  text: string;
  is_final: boolean;
}

/**
 * `text` is what is new since the last one; the final one also carries the whole reply. A reply that is stopped while it is spoken has one more,
 * without new text, right before its `interruption`: it says what was heard.
 */
export interface TextResponse {
  type: 'text_response';
  turn: number;
  text: string;
  is_final: boolean;
  full_text?: string;
  /** The words of the reply that the listener has heard; there when it was stopped while it was being spoken. */
  heard_text?: string;
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

/** The user may be starting to speak. `true`: play that turn at about a tenth of its volume until `interruption` or `active: false`. */
export interface Duck {
  type: 'duck';
  turn: number;
  active: boolean;
}

/**
 * The user may be interrupting (only where interruptions are resumable). `true`: stand still at the sample that is being played, until
 * `interruption`, or `active: false`, which goes on from that sample. A client may ignore it: it has been ducked.
 */
export interface Pause {
  type: 'pause';
  turn: number;
  active: boolean;
}

/** The moments of a turn that are measured, in the order of the path from the user's voice to the listener's ear. */
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
/** One of `TURN_MARKS`. */
export type TurnMark = (typeof TURN_MARKS)[number];

/** Milliseconds since the user's last voiced frame (`speech_end` = 0), for the marks that happened; `speculative`: generation began before `turn_end`. */
export interface TurnMetrics {
  type: 'turn_metrics';
  turn: number;
  marks: Partial<Record<TurnMark, number>>;
  speculative: boolean;
  /** Those of the whole conversation; there with `drafts`. */
  drafts_total?: DraftMetrics;
  /** There when replies were drafted since the last `turn_metrics`. */
  drafts?: DraftMetrics;
  /** The words of the reply that the listener has heard; there when it was stopped while it was being spoken, or broke off. */
  heard_text?: string;
}

/** Replies that were begun before the user's turn had ended. */
export interface DraftMetrics {
  started: number;
  kept: number;
  cancelled: number;
  /** Given to the voice for cancelled ones. */
  wasted_characters: number;
  /** Written by the language model for cancelled ones; an estimate. */
  wasted_tokens: number;
  /** Utterances whose final transcript was asked for too early: they were recognised again. Not there where there were none. */
  finals_in_vain?: number;
}

/** Something failed. `message` is plain words without vendor secrets; a `fatal` one ends the conversation. */
export interface ErrorMessage {
  type: 'error';
  code: ErrorCode;
  message: string;
  fatal: boolean;
  stage?: StageName;
  /** With `server_busy`, `budget_spent` and a fatal `rate_limited`: when it is worth trying again, in ms from now. */
  retry_after_ms?: number;
}

/** Answer to `heartbeat`. */
export interface ServerHeartbeat {
  type: 'heartbeat';
}

/** The conversation is near the greatest length that the server allows and will end in `in_ms`; said once, half a minute before. */
export interface ConversationEnding {
  type: 'conversation_ending';
  in_ms: number;
}

/** What a `notice` may be about; clients may rely on them. */
export const NOTICE_CODES = ['server_closing', 'turn_limit', 'audio_dropped', 'slow_connection'] as const;
/**
 * `server_closing`: the server goes away soon. `turn_limit`: the user has spoken as long as one turn may be, and is answered now.
 * `audio_dropped`: the user's oldest audio was lost while a vendor's connection was being made again. `slow_connection`: audio of this turn was
 * left out, because the client did not read it in time.
 */
export type NoticeCode = (typeof NOTICE_CODES)[number];

/** News that are no failure. `message` is plain words for people. */
export interface Notice {
  type: 'notice';
  code: NoticeCode;
  message: string;
}

/** Last message of a conversation. */
export interface ConversationEnded {
  type: 'conversation_ended';
  reason: EndReason;
}

/** Every JSON message the server sends, told apart by `type`. */
export type ServerMessage =
  | ConnectionEstablished
  | ConversationStarted
  | StateChanged
  | TranscriptMessage
  | TextResponse
  | AudioResponse
  | Interruption
  | Duck
  | Pause
  | TurnMetrics
  | ErrorMessage
  | ServerHeartbeat
  | ConversationEnding
  | Notice
  | ConversationEnded;
