import type { ProviderInfo } from './provider-info';
import type { SpeechChunk, Voice } from './text-to-speech';

/** Stability, similarity and style from 0 to 1, speed from 0.7 to 1.2 (1 is normal). What is left out is the vendor's default. */
export interface VoiceSettings {
  stability?: number;
  similarity?: number;
  style?: number;
  speed?: number;
}

export interface NarrationVoice {
  voiceId: string;
  model: string;
  /** Language as a BCP-47 tag. */
  language?: string;
  settings?: VoiceSettings;
  /** From 0 to 4 294 967 295. The same seed makes a vendor speak the same text in nearly the same way. */
  seed?: number;
}

/** A piece of a text that is still being written. It may end anywhere, also within a word. */
export interface NarrationPiece {
  text: string;
  /** Generate all text so far at once. */
  flush?: boolean;
}

/** What happened at the vendor, for metrics. */
export type NarrationNotice =
  /** A message with text was sent, or one with audio was received. */
  | { type: 'sent' | 'received' }
  /** A connection that was lost has been replaced. */
  | { type: 'reconnected' }
  /** The rest of the text goes another way. */
  | { type: 'fallback'; to: 'http' }
  /** Text was accepted for generation, counted in characters that the vendor bills. A text that is sent again is billed again. */
  | { type: 'billed'; characters: number };

/** Called for each notice as soon as it happens. Must not throw. */
export type NarrationListener = (notice: NarrationNotice) => void;

export interface NarrationOptions extends NarrationVoice {
  /** Sample rate of the PCM in Hz. */
  sampleRateHz: number;
  /** Number of characters before each generation, 50 to 500 each. The last one applies from then on. */
  chunkSchedule?: readonly number[];
  onNotice?: NarrationListener;
}

/** How a word is spoken. */
export interface Pronunciation {
  /** The word as it is written. */
  word: string;
  /** Another spelling, or the sounds in the International Phonetic Alphabet. */
  say: string;
  alphabet: 'spelling' | 'ipa';
}

export interface SegmentRequest extends NarrationVoice {
  text: string;
  /** Sample rate of the PCM in Hz. */
  sampleRateHz: number;
  /** What is spoken before and after this text. It is not spoken here, and makes the intonation fit. */
  previousText?: string;
  nextText?: string;
  pronunciations?: readonly Pronunciation[];
  onNotice?: NarrationListener;
}

export interface DialogueLine {
  voiceId: string;
  text: string;
}

export interface DialogueRequest {
  lines: readonly DialogueLine[];
  model: string;
  /** Language as a BCP-47 tag. */
  language?: string;
  /** From 0 to 1. */
  stability?: number;
  /** From 0 to 4 294 967 295. */
  seed?: number;
  /** Sample rate of the PCM in Hz. */
  sampleRateHz: number;
  /** What is spoken before and after these lines. It is not spoken here, and makes the intonation fit. */
  previousText?: string;
  nextText?: string;
  onNotice?: NarrationListener;
}

export interface DialogueChunk extends SpeechChunk {
  /** Index of the line that is spoken where this chunk begins, if the vendor says so. */
  line?: number;
}

export interface NarrationModel {
  id: string;
  name: string;
  /** Limit of the text of one request. */
  maxCharacters: number;
  /** Whether it takes text piece by piece over the plain sockets. */
  streamsText: boolean;
  /** Whether it speaks dialogue. */
  speaksDialogue: boolean;
  /** ISO 639 codes. Empty if it is not known. */
  languages: readonly string[];
  /** Billed characters per character. */
  costFactor: number;
}

/**
 * Speech for narration. An abort ends a stream at once and without an error, and so does leaving its loop; a failure throws
 * `ProviderError`. The `chars` of an alignment are the characters of the text as it was given.
 */
export interface NarrationProvider {
  readonly info: ProviderInfo;
  /**
   * Speaks pieces as they come, and yields audio before the text has ended. Alignment counts from the start of this call. A lost
   * connection is replaced, and the speech continues after what was delivered.
   */
  narrate(pieces: AsyncIterable<NarrationPiece>, options: NarrationOptions, signal: AbortSignal): AsyncIterable<SpeechChunk>;
  /** Speaks a whole text over HTTP, with the times of its characters from the start of this call. */
  speakSegment(request: SegmentRequest, signal: AbortSignal): AsyncIterable<SpeechChunk>;
  /** Speaks several voices in one recording, with the times of the characters from the start of this call. */
  speakDialogue(request: DialogueRequest, signal: AbortSignal): AsyncIterable<DialogueChunk>;
  /** Returns the models with their limits from the vendor's list, or a built-in list if that does not answer. */
  models(signal: AbortSignal): Promise<readonly NarrationModel[]>;
  voices(signal: AbortSignal): Promise<Voice[]>;
  /** Ends all speech that is running. Idempotent. Resolves when all connections are closed. */
  close(): Promise<void>;
}
