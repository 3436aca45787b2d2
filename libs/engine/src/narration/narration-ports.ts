import type { NarrationProvider, SpeechChunk, VoiceSettings } from '@parley/providers';
import type { Clock, EngineLogger, OutgoingSpeech } from '../ports';
import type { NarrationEvent } from './narration-event';

/** Where the speech of a narration goes. The `turn` of the speech is the number of its segment. */
export interface NarrationOutput {
  /** Speech that may be under way ahead of the listener at most. Milliseconds. */
  readonly maxLeadMs: number;
  play(speech: OutgoingSpeech): void;
}

/** What a narration needs. */
export interface NarrationPorts {
  provider: Pick<NarrationProvider, 'narrate'>;
  /** Absent: every text is spoken by the voice. */
  cache?: NarrationAudioCache;
  output: NarrationOutput;
  /** Takes every event in order. Must not throw. */
  emit(event: NarrationEvent): void;
  clock: Clock;
  logger: EngineLogger;
}

/** Who speaks, and how. */
export interface NarratorVoice {
  voiceId: string;
  settings?: VoiceSettings;
}

/** A chunk of a narration's text, with everything that decides how it sounds. */
export interface ChunkIdentity extends NarratorVoice {
  model: string;
  language?: string;
  seed?: number;
  sampleRateHz: number;
  /** All text of its segment before it, as 64 hexadecimal digits (SHA-256). */
  before: string;
  text: string;
}

/** Chunks that were spoken before, shared by all narrations. Their times count from the chunk's beginning. */
export interface NarrationAudioCache {
  /** The audio of a chunk; `undefined` if there is none, or if it cannot be had at once. Never rejects. */
  find(chunk: ChunkIdentity, signal: AbortSignal): Promise<SpeechChunk | undefined>;
  /** Keeps the audio of a chunk, which must not be changed afterwards. Must not throw. */
  store(chunk: ChunkIdentity, speech: SpeechChunk): void;
}

/** The choices of a narration that hold from its beginning to its end. */
export interface NarrationChoices {
  /** Names the narration in logs. */
  narrationId: string;
  voice: NarratorVoice;
  model: string;
  /** Language as a BCP-47 tag. */
  language?: string;
  seed?: number;
  /** `auto`, or the number of characters to gather before each generation. */
  schedule: 'auto' | readonly number[];
  /** Rate of the speech that is played, in Hz. */
  sampleRateHz: number;
  /** Longest text of the whole narration, in characters. */
  maxCharacters: number;
}
