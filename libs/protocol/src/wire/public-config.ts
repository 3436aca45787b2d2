import type { EngineName, ProviderDescription } from './server-messages';

/** One stage as `/api/config` shows it. `available: false` means that the page must do without it (typed input, the browser's own voice). */
export interface StageDescription extends ProviderDescription {
  available: boolean;
  /** Plain words: why it is simulated or missing, and what to do about it. Never a secret. */
  detail?: string;
  /** Who is asked when it fails, in order. Left out where nobody is. */
  fallbacks?: ProviderDescription[];
}

/** A voice one may ask for by `voice_id`. */
export interface VoiceDescription {
  id: string;
  name: string;
}

/** A language one may ask for by `language`. */
export interface LanguageDescription {
  /** BCP-47, e.g. `en-IN`. */
  code: string;
  name: string;
}

/** Rooms as `/api/config` shows them. */
export interface RoomsDescription {
  /** Whether there are rooms, and their media server answers. */
  available: boolean;
  /** Plain words: why not, and what to do about it. Never a secret. */
  detail?: string;
  /** What the assistant is called in a room. */
  assistant_name: string;
  /** Whether rooms may be recorded. */
  recording: boolean;
  /** Whether anybody may join, if the server needs session tokens: with one. Otherwise only the operator's own server can, with a token that no page should have. */
  open: boolean;
}

/** Answer of `GET /api/config`: what the page needs before a conversation. */
export interface PublicConfig {
  product: string;
  version: string;
  protocol: number;
  engines: EngineName[];
  stages: Record<'stt' | 'llm' | 'tts', StageDescription>;
  /** Who answers for the `agent` engine; there when that is offered. */
  agent?: StageDescription;
  voices: VoiceDescription[];
  languages: LanguageDescription[];
  timing: { end_of_turn_silence_ms: number; interrupt_confirm_ms: number; inactivity_timeout_ms: number };
  audio: { input_sample_rate: number; output_sample_rate: number; frame_ms: number };
  /** Left out by servers of before there were rooms. */
  rooms?: RoomsDescription;
  /** Whether connections and changes need a token of `POST /api/session-tokens`. Left out by servers of before there were tokens. */
  session_token?: boolean;
}
