/** What is kept of shows, episodes and their segments. Times are in milliseconds since the epoch unless the name says otherwise. */

/** Stability, similarity and style from 0 to 1, speed from 0.7 to 1.2. What is left out is the vendor's default. */
export interface StoredVoiceSettings {
  stability?: number;
  similarity?: number;
  style?: number;
  speed?: number;
}

export interface EpisodeVoice {
  voiceId: string;
  settings?: StoredVoiceSettings;
}

export interface EpisodePronunciation {
  word: string;
  say: string;
  alphabet: 'spelling' | 'ipa';
}

/** Silence in milliseconds. */
export interface EpisodePauses {
  betweenSegmentsMs?: number;
  betweenSpeakersMs?: number;
  beforeChapterMs?: number;
}

export interface EpisodeChapter {
  title: string;
  /** The index of the segment that it begins with. */
  segment: number;
  /** Known when the episode was put together. */
  startMs?: number;
}

export type EpisodeScriptFormat = 'text' | 'markdown' | 'screenplay';
export type EpisodePurpose = 'live' | 'balanced' | 'prerendered' | 'expressive' | 'multispeaker';

/** The script and everything that decides how it is spoken. */
export interface EpisodeScript {
  format: EpisodeScriptFormat;
  script: string;
  /** By the names in the script. */
  speakers: Readonly<Record<string, EpisodeVoice>>;
  /** The voice of text without a speaker. */
  voice: EpisodeVoice;
  model: string;
  purpose: EpisodePurpose;
  /** Language as a BCP-47 tag. */
  language?: string;
  seed: number;
  pronunciations: readonly EpisodePronunciation[];
  pauses: EpisodePauses;
  chapters: readonly EpisodeChapter[];
}

export interface EpisodeTitles {
  title: string;
  description?: string;
  showId?: string;
}

/** What the episode has become. */
export interface EpisodeOutput {
  durationMs: number;
  /** Integrated loudness by ITU-R BS.1770. */
  loudnessLufs: number;
  truePeakDbtp: number;
  bytesWav?: number;
  bytesMp3?: number;
}

/** `rendering`: the segments are being spoken. `assembling`: they are being put together. */
export type EpisodeStatus = 'queued' | 'rendering' | 'assembling' | 'completed' | 'failed' | 'cancelled';
export type SegmentStatus = 'waiting' | 'claimed' | 'done' | 'failed';

/** Sums over the segments of an episode. */
export interface EpisodeProgress {
  total: number;
  waiting: number;
  claimed: number;
  done: number;
  failed: number;
  /** Of the finished segments. */
  durationMs: number;
  billedCharacters: number;
  cacheHits: number;
  fallbacks: number;
  /** Attempts beyond the first one of each segment. */
  retries: number;
}

export interface EpisodeSummary extends EpisodeTitles {
  id: string;
  status: EpisodeStatus;
  error?: string;
  createdAtMs: number;
  updatedAtMs: number;
  /** When the first segment was claimed after the episode was queued. */
  startedAtMs?: number;
  /** Rises with every change of the episode or of one of its segments. */
  version: number;
  progress: EpisodeProgress;
  /** Of the last time it was put together, which may be before the last change. */
  output?: EpisodeOutput;
  /** Time from `startedAtMs` to the first audio that could be played. */
  firstAudioMs?: number;
}

export interface Episode extends EpisodeSummary, EpisodeScript {}

/** What is to be spoken as one piece. */
export interface SegmentContent {
  /** As in the script. */
  speaker?: string;
  text: string;
  voiceId: string;
  model: string;
  settings?: StoredVoiceSettings;
  /** The index of its chapter. */
  chapter?: number;
  pauseBeforeMs: number;
  /** Where its text is in the script, both from 1. */
  position: { line: number; column: number };
}

/** When each character is spoken, in milliseconds from the start of the segment's audio. */
export interface SegmentAlignment {
  chars: string[];
  startMs: number[];
  durationMs: number[];
}

/** What speaking a segment has given. */
export interface SegmentResult {
  /** Key of the audio in the audio cache. */
  cacheKey?: string;
  durationMs: number;
  /** 0 if the audio came from the cache. */
  billedCharacters: number;
  cached: boolean;
  /** How often another way to the vendor had to be taken. */
  fallbacks?: number;
  alignment?: SegmentAlignment;
}

/** The right to work on something until `expiresAtMs`, and until it is given to somebody else. */
export interface Claim {
  /** The id of the segment, or of the episode that is put together. */
  id: string;
  /** The server. */
  owner: string;
  /** Different for each claim, so that the work of a claim that was lost is not taken for that of its successor. */
  token: number;
  expiresAtMs: number;
}

export interface Segment extends SegmentContent, Omit<Partial<SegmentResult>, 'alignment'> {
  id: string;
  episodeId: string;
  /** From 0, without gaps. */
  index: number;
  status: SegmentStatus;
  /** How often it was claimed since it was queued. */
  attempts: number;
  claim?: Claim;
  error?: string;
  /** The version of the episode at its last change. */
  version: number;
}

/** A segment with the claim on it. */
export interface ClaimedSegment extends Segment {
  claim: Claim;
}

export interface ShowDetails {
  title: string;
  description: string;
  author: string;
  /** BCP-47. */
  language: string;
  imageUrl?: string;
  link?: string;
  category?: string;
  explicit?: boolean;
}

export interface Show extends ShowDetails {
  id: string;
  createdAtMs: number;
  updatedAtMs: number;
  episodes: number;
}
