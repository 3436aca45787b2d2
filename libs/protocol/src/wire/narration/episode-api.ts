/** Requests and answers of `/api/narrations` and `/api/shows`, as JSON. An episode is a narration that is made from a whole script and kept. */
import type { NarrationVoiceSettings } from './narration-client-messages';

/** How a script is written. Absent: found out from the script. */
export const SCRIPT_FORMATS = ['text', 'markdown', 'screenplay'] as const;
/** One of `SCRIPT_FORMATS`. */
export type ScriptFormat = (typeof SCRIPT_FORMATS)[number];

/** What an episode is for, which decides about the model. */
export const NARRATION_PURPOSES = ['live', 'balanced', 'prerendered', 'expressive', 'multispeaker'] as const;
/** One of `NARRATION_PURPOSES`. */
export type NarrationPurpose = (typeof NARRATION_PURPOSES)[number];

/** The states of an episode. `rendering`: its segments are being spoken. `assembling`: they are being put together. */
export const EPISODE_STATES = ['queued', 'rendering', 'assembling', 'completed', 'failed', 'cancelled'] as const;
/** One of `EPISODE_STATES`. */
export type EpisodeState = (typeof EPISODE_STATES)[number];

/** The states of a segment. */
export const SEGMENT_STATES = ['waiting', 'rendering', 'done', 'failed'] as const;
/** One of `SEGMENT_STATES`. */
export type SegmentState = (typeof SEGMENT_STATES)[number];

/** Files of an episode: `GET /api/narrations/:id/audio?format=…`. */
export const EPISODE_FORMATS = ['wav', 'mp3'] as const;
/** One of `EPISODE_FORMATS`. */
export type EpisodeFormat = (typeof EPISODE_FORMATS)[number];

/** Who speaks a speaker's text, and how. */
export interface EpisodeSpeaker {
  voice_id: string;
  voice_settings?: NarrationVoiceSettings;
}

/** How a word is pronounced: either as if it were spelled so, or in the International Phonetic Alphabet where the model takes it. */
export interface EpisodePronunciation {
  word: string;
  spelling?: string;
  ipa?: string;
}

/** Silence between segments, in milliseconds. */
export interface EpisodePauses {
  between_segments_ms?: number;
  between_speakers_ms?: number;
  before_chapter_ms?: number;
}

/** A segment of a script that is given in parts. */
export interface ScriptSegment {
  text: string;
  /** Absent: the voice of `speaker`, else the episode's. */
  voice_id?: string;
  speaker?: string;
  /** Absent: the episode's model. */
  model?: string;
}

/** Body of `POST /api/narrations` and of `POST /api/narrations/check`: exactly one of `script` and `segments`. */
export interface CreateEpisode {
  title?: string;
  description?: string;
  show_id?: string;
  script?: string;
  format?: ScriptFormat;
  segments?: ScriptSegment[];
  /** By name, as in the script. */
  speakers?: Record<string, EpisodeSpeaker>;
  /** Voice of text without a speaker. Absent: the server's voice. */
  voice_id?: string;
  voice_settings?: NarrationVoiceSettings;
  /** Absent: the model for `purpose`. */
  model?: string;
  /** Absent: `balanced`. */
  purpose?: NarrationPurpose;
  language?: string;
  /** Unsigned 32-bit. Absent: chosen once for the episode, so that a segment that is rendered again sounds like the others. */
  seed?: number;
  pronunciations?: EpisodePronunciation[];
  pauses?: EpisodePauses;
}

/** A mistake in a script. Both positions count from 1; columns in UTF-16 code units, as editors do. */
export interface ScriptProblem {
  line: number;
  column: number;
  message: string;
}

/** Answer of `POST /api/narrations/check`: nothing is rendered and nothing is billed. */
export interface EpisodePlan {
  title?: string;
  problems: ScriptProblem[];
  speakers: string[];
  chapters: string[];
  segments: number;
  characters: number;
  billed_characters: number;
  estimated_ms: number;
  model: string;
}

/** Body of any answer of 400 and above. */
export interface ApiError {
  message: string;
  problems?: ScriptProblem[];
}

/** A segment of an episode. */
export interface EpisodeSegment {
  id: string;
  /** From 0. */
  index: number;
  text: string;
  speaker?: string;
  voice_id: string;
  model: string;
  state: SegmentState;
  /** Place of its text in the script, from 1. */
  line: number;
  /** Known when the episode was put together. */
  start_ms?: number;
  duration_ms?: number;
  /** 0 when its audio came from the cache. */
  billed_characters?: number;
  cached?: boolean;
  error?: string;
}

/** A chapter of an episode, with the segment it begins with. */
export interface EpisodeChapter {
  title: string;
  segment: number;
  start_ms?: number;
}

/** What an episode has become. */
export interface EpisodeOutput {
  duration_ms: number;
  /** Integrated loudness by ITU-R BS.1770. */
  loudness_lufs: number;
  true_peak_dbtp: number;
  files: { format: EpisodeFormat; bytes: number }[];
}

/** An episode without its segments, as `GET /api/narrations` lists it. */
export interface EpisodeSummary {
  id: string;
  title: string;
  description?: string;
  show_id?: string;
  state: EpisodeState;
  /** Segments that are done, and all of them. */
  progress: { done: number; total: number };
  /** ISO 8601. */
  created_at: string;
  updated_at: string;
  duration_ms?: number;
  error?: string;
}

/** A whole episode: `GET /api/narrations/:id`. */
export interface Episode extends EpisodeSummary {
  /** Rises with every change. */
  version: number;
  script: string;
  format: ScriptFormat;
  speakers: Record<string, EpisodeSpeaker>;
  model: string;
  seed: number;
  pronunciations: EpisodePronunciation[];
  pauses: EpisodePauses;
  segments: EpisodeSegment[];
  chapters: EpisodeChapter[];
  output?: EpisodeOutput;
  metrics: EpisodeMetrics;
}

/** What an episode has cost so far. */
export interface EpisodeMetrics {
  characters: number;
  billed_characters: number;
  cache_hits: number;
  retries: number;
  fallbacks: number;
  /** Time from the start of the rendering to the first audio that could be played; absent before. */
  first_audio_ms?: number;
}

/** Body of `PATCH /api/narrations/:id/segments/:segmentId`: what is given is changed, and the segment is rendered again. */
export interface EditSegment {
  text?: string;
  voice_id?: string;
  voice_settings?: NarrationVoiceSettings;
}

/** Server-sent events of `GET /api/narrations/:id/events`: the `event` field is `type`, the `data` field the whole object as JSON. */
export type EpisodeEvent =
  /** First of all, and after a gap. */
  | { type: 'episode'; episode: Episode }
  | { type: 'segment'; segment: EpisodeSegment; progress: EpisodeSummary['progress'] }
  | { type: 'state'; state: EpisodeState; error?: string; output?: EpisodeOutput };

/** Body of `POST /api/shows` and `PUT /api/shows/:id`. */
export interface ShowDetails {
  title: string;
  description: string;
  author: string;
  /** BCP-47. */
  language: string;
  /** An absolute URL. */
  image_url?: string;
  link?: string;
  /** Of the categories of Apple Podcasts. */
  category?: string;
  explicit?: boolean;
}

/** A show, whose feed is at `/api/shows/:id/feed.xml`. */
export interface Show extends ShowDetails {
  id: string;
  created_at: string;
  episodes: number;
}

/** A model that may be chosen. */
export interface NarrationModelDescription {
  id: string;
  name: string;
  max_characters: number;
  streams_text: boolean;
  speaks_dialogue: boolean;
  /** Billed characters for each character. */
  cost_factor: number;
}

/** Answer of `GET /api/narrations/options`: what the studio offers. */
export interface NarrationOptions {
  provider: { name: string; simulated: boolean };
  voices: { id: string; name: string }[];
  default_voice_id: string;
  models: NarrationModelDescription[];
  purposes: Record<NarrationPurpose, string>;
  formats: EpisodeFormat[];
  limits: { script_characters: number; segment_characters: number; speakers: number };
  /** What the vendor asks for 1 000 billed characters, where it was set. */
  price?: { per_1000_characters: number; currency: string };
}
