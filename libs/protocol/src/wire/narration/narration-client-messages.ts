/** Everything a client sends as JSON on `/ws/narration`. The rules that the server holds them to are in `validation/narration`. */
import type { Heartbeat, Playback } from '../client-messages';

/** How text is gathered before speech is generated: less text makes the first sound come sooner, more text makes the voice more natural. */
export const NARRATION_LATENCIES = ['speed', 'balanced', 'quality', 'auto'] as const;
/** One of `NARRATION_LATENCIES`. */
export type NarrationLatency = (typeof NARRATION_LATENCIES)[number];

/** PCM s16le, mono, at the rate in the name. Any other is answered with `unsupported_format`. */
export const NARRATION_FORMATS = ['pcm_24000', 'pcm_22050', 'pcm_16000', 'pcm_8000'] as const;
/** One of `NARRATION_FORMATS`. */
export type NarrationFormat = (typeof NARRATION_FORMATS)[number];

/** How a voice speaks; what is left out is the vendor's default. */
export interface NarrationVoiceSettings {
  /** 0 (expressive) to 1 (even). */
  stability?: number;
  /** Likeness to the original voice, 0 to 1. */
  similarity?: number;
  /** Exaggeration of the style, 0 to 1. */
  style?: number;
  /** 0.7 to 1.2; 1 is the voice's own speed. */
  speed?: number;
}

/** Starts the narration; once per connection. */
export interface StartNarration {
  type: 'start_narration';
  /** 1 to 64 letters, digits, hyphens or underscores. Absent: the server's voice. */
  voice_id?: string;
  /** Absent: the server's model for live speech. */
  model?: string;
  /** Absent: `balanced`. */
  latency?: NarrationLatency;
  /** Characters to gather before each generation (50 to 500 each; the last one repeats). Takes the place of `latency`. */
  chunk_schedule?: number[];
  /** Absent: `pcm_24000`. */
  output_format?: string;
  voice_settings?: NarrationVoiceSettings;
  /** BCP-47. */
  language?: string;
  /** Unsigned 32-bit. The same seed and text sound nearly the same. */
  seed?: number;
}

/** More of the text: a piece of any size, which may end within a word. */
export interface NarrationText {
  type: 'text';
  /** 1 to `MAX_NARRATION_PIECE_LENGTH` characters. */
  text: string;
}

/** Speaks all text so far without waiting for more. */
export interface FlushNarration {
  type: 'flush';
}

/** The text from here on is spoken by another voice. The text before it is spoken to its end, and a new segment begins. */
export interface SetNarrationVoice {
  type: 'set_voice';
  voice_id: string;
  voice_settings?: NarrationVoiceSettings;
}

/** No more audio is sent until `resume`. Text is still taken. */
export interface PauseNarration {
  type: 'pause';
}

/** Goes on with the sample after the last one that was sent. */
export interface ResumeNarration {
  type: 'resume';
}

/** Stops at once; answered with `narration_completed`, then close 1000. No audio follows that answer. */
export interface CancelNarration {
  type: 'cancel';
}

/** The text is complete; answered with `narration_completed` after the last audio, then close 1000. */
export interface EndNarrationText {
  type: 'end_text';
}

/** Every message a client may send on `/ws/narration`. In a `playback`, `turn` is the segment. */
export type NarrationClientMessage =
  | StartNarration
  | NarrationText
  | FlushNarration
  | SetNarrationVoice
  | PauseNarration
  | ResumeNarration
  | CancelNarration
  | EndNarrationText
  | Playback
  | Heartbeat;
