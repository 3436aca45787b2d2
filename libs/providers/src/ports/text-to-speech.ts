import type { ProviderInfo } from './provider-info';
import type { UsageMeter } from './usage-meter';

export interface TtsOptions {
  voiceId?: string;
  /** Language as a BCP-47 tag. */
  language?: string;
  /** Sample rate of the PCM that `speak` yields, in Hz. */
  sampleRateHz: number;
  /** Counts what is used, where the vendor is asked. Adapters do not see it. */
  meter?: UsageMeter;
}

/** When each character is spoken, in milliseconds from the start of this `speak` call's audio. */
export interface CharacterAlignment {
  chars: string[];
  startMs: number[];
  durationMs: number[];
}

export interface SpeechChunk {
  /** Mono PCM at the requested rate, as whole samples. Never empty. */
  pcm: Int16Array;
  alignment?: CharacterAlignment;
}

/** The voice of one conversation: keeps its vendor connection open between replies. */
export interface TtsSession {
  /**
   * Speaks `text` (whole sentences, as they become ready) and yields audio as it is generated, before `text` has ended. Ends after the last
   * audio. An abort ends it at once, without an error, and cancels the vendor's work; so does leaving the loop. A failure throws `ProviderError`.
   */
  speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<SpeechChunk>;
  /** Ends all running speech. Idempotent. Resolves when the connection to the vendor is closed. */
  close(): Promise<void>;
}

export interface Voice {
  id: string;
  name: string;
}

export interface TextToSpeech {
  readonly info: ProviderInfo;
  /** Starts connecting in the background; never throws. Aborting `signal` is the same as `close()`. */
  open(options: TtsOptions, signal: AbortSignal): TtsSession;
  /** Whether there is a voice for a language (BCP-47). If it is left out, no language is known to be missing. */
  speaks?(language: string): boolean;
  voices(signal: AbortSignal): Promise<Voice[]>;
  /** Loads everything that would otherwise delay the first speech. It should be awaited before a server starts to listen. Never rejects. */
  prepare(): Promise<void>;
}
