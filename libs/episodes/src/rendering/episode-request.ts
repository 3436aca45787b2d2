import type {
  EpisodePauses,
  EpisodePronunciation,
  EpisodePurpose,
  EpisodeScriptFormat,
  EpisodeVoice,
  StoredVoiceSettings,
} from '../storage';

/** A part of a script that is given in parts. */
export interface GivenPart {
  text: string;
  speaker?: string;
  /** Absent: that of the speaker, else the episode's. */
  voiceId?: string;
  /** Absent: the episode's. */
  model?: string;
}

/** What an episode is to be made of: either `script` or `parts`. */
export interface EpisodeRequest {
  title?: string;
  description?: string;
  showId?: string;
  script?: string;
  /** Absent: found out from the script. */
  format?: EpisodeScriptFormat;
  parts?: readonly GivenPart[];
  /** By the names in the script, in upper or lower case. */
  speakers?: Readonly<Record<string, EpisodeVoice>>;
  /** Voice of text without a speaker. Absent: the default voice. */
  voiceId?: string;
  settings?: StoredVoiceSettings;
  /** Absent: the model for the purpose. */
  model?: string;
  /** Absent: `balanced`. */
  purpose?: EpisodePurpose;
  /** BCP-47. */
  language?: string;
  seed?: number;
  pronunciations?: readonly EpisodePronunciation[];
  pauses?: EpisodePauses;
}
