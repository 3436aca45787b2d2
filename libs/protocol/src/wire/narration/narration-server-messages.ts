/** Everything the server sends as JSON on `/ws/narration`. The audio comes as binary speech frames, whose `turn` is the segment. */
import type { AudioFormat, ConnectionEstablished, ErrorCode, Notice, ProviderDescription, ServerHeartbeat } from '../server-messages';

/** Codes of an `error` on `/ws/narration`, beside those of `ERROR_CODES`. */
export const NARRATION_ERROR_CODES = [
  'unknown_voice',
  'unsupported_model',
  'text_too_long',
  'empty_text',
  'invalid_text',
  'text_ended',
  'too_many_segments',
  'idle',
] as const;
/** What an `error` on `/ws/narration` may be about. */
export type NarrationErrorCode = ErrorCode | (typeof NARRATION_ERROR_CODES)[number];

/** Why a narration is over. */
export type NarrationEnd = 'completed' | 'cancelled' | 'server_shutdown' | 'error';

/** Answer to `start_narration`: what was agreed. */
export interface NarrationStarted {
  type: 'narration_started';
  narration_id: string;
  output_audio: AudioFormat;
  voice_id: string;
  model: string;
  /** Characters gathered before each generation; it changes while the narration runs when `latency` is `auto`. */
  chunk_schedule: number[];
  provider: ProviderDescription;
}

/** When characters of the text are spoken. Sent before or together with their audio; the characters of all messages in order are the text. */
export interface NarrationAlignment {
  type: 'alignment';
  /** From 1. A new segment begins with each change of the voice. */
  segment: number;
  chars: string[];
  /** Milliseconds since the beginning of the segment's audio, one for each character. */
  start_ms: number[];
  duration_ms: number[];
}

/**
 * The frames after this message have another rate, in this segment and in those after it. Only with `latency` `auto`: the client's line is too
 * slow for the rate so far, or is fast enough for a better one. Never above the rate of `narration_started`.
 */
export interface NarrationAudioFormat {
  type: 'audio_format';
  /** The segment in which the rate changes. */
  segment: number;
  /** Hz. */
  sample_rate: number;
}

/** Answer to `pause` and `resume`. */
export interface NarrationPaused {
  type: 'narration_paused';
  active: boolean;
}

/** Figures of the narration so far; sent about once a second while it changes, and at the end. */
export interface NarrationMetrics {
  type: 'narration_metrics';
  /** From the first text that was handed to the voice to the first audio; absent before that. Milliseconds. */
  ttfb_ms?: number;
  /** Characters of text received. */
  chars: number;
  /** Audio sent. */
  audio_ms: number;
  /** Pieces of text given to the voice. */
  chunks_sent: number;
  /** Pieces of audio received from it. */
  chunks_received: number;
  /** Pieces of audio received for each piece of text. */
  efficiency: number;
  /** Connections to the vendor that were lost and made again. */
  reconnects: number;
  /** Pieces of text whose audio came from the cache. */
  cache_hits: number;
  /** Times that speech went over HTTP because the socket could not be had. */
  fallbacks: number;
  /** Characters that the vendor bills. */
  billed_chars: number;
}

/** The last message of a narration. */
export interface NarrationCompleted {
  type: 'narration_completed';
  narration_id: string;
  reason: NarrationEnd;
}

/** Something failed or was refused. `line` and `column` count from 1 in all text of the narration. */
export interface NarrationError {
  type: 'error';
  code: NarrationErrorCode;
  message: string;
  fatal: boolean;
  line?: number;
  column?: number;
  /** With `budget_spent`: when it is worth trying again, in ms from now. */
  retry_after_ms?: number;
}

/** Every JSON message that the server sends on `/ws/narration`. */
export type NarrationServerMessage =
  | ConnectionEstablished
  | NarrationStarted
  | NarrationAlignment
  | NarrationAudioFormat
  | NarrationPaused
  | NarrationMetrics
  | NarrationCompleted
  | NarrationError
  | Notice
  | ServerHeartbeat;
