/** Everything a client sends as JSON on `/ws` and `/ws/agent`. The rules that the server holds them to are in `validation/`. */

/** The engines that a conversation can be held with. */
export const ENGINES = ['pipeline', 'agent'] as const;
/** How the assistant's speech is sent: as binary messages, or in base64 within JSON. */
export const AUDIO_TRANSPORTS = ['binary', 'json'] as const;

/** The formats an `audio_chunk` may name. Any other is answered with `unsupported_format`, not with `bad_message`. */
export const AUDIO_CHUNK_FORMATS = ['audio/pcm;rate=16000', 'audio/wav', 'audio/webm'] as const;

/** What a `playback` message reports, in the order of a turn's life. */
export const PLAYBACK_EVENTS = ['started', 'progress', 'ended'] as const;
/** One of `PLAYBACK_EVENTS`. */
export type PlaybackEvent = (typeof PLAYBACK_EVENTS)[number];

/** Starts the conversation; once per connection. */
export interface StartConversation {
  type: 'start_conversation';
  /** Absent: `pipeline`. */
  engine?: (typeof ENGINES)[number];
  /** Absent: `binary`. */
  audio_transport?: (typeof AUDIO_TRANSPORTS)[number];
  /** BCP-47, e.g. `en-IN`, as the client wrote it. */
  language?: string;
  /** 1 to 64 letters, digits, hyphens or underscores. */
  voice_id?: string;
  /** At most `MAX_SYSTEM_PROMPT_LENGTH` characters. */
  system_prompt?: string;
}

/** Audio of a client without binary messages. */
export interface AudioChunk {
  type: 'audio_chunk';
  /** Base64. */
  data: string;
  /** One of `AUDIO_CHUNK_FORMATS`. */
  format: string;
}

/** A typed user turn; while the assistant speaks it interrupts. */
export interface TextMessage {
  type: 'text_message';
  /** 1 to `MAX_TEXT_LENGTH` characters, not only white space. */
  text: string;
}

/** Stops the assistant now (a button). */
export interface Interrupt {
  type: 'interrupt';
}

/** What the listener has really heard; `progress` at most every 250 ms. */
export interface Playback {
  type: 'playback';
  /** Unsigned 32-bit, as in the header of the speech it was played from. */
  turn: number;
  event: PlaybackEvent;
  /** Milliseconds of this turn's speech that the listener has heard so far; 0 or more. */
  played_ms: number;
}

/** Answered with `heartbeat`. */
export interface Heartbeat {
  type: 'heartbeat';
}

/** Answered with `conversation_ended`, then close 1000. */
export interface EndConversation {
  type: 'end_conversation';
}

/** Every message a client may send, told apart by `type`. */
export type ClientMessage = StartConversation | AudioChunk | TextMessage | Interrupt | Playback | Heartbeat | EndConversation;
