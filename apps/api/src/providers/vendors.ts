import type { LanguageModel, ProviderInfo, SpeechToText, TextToSpeech } from '@parley/providers';

/** One stage of the pipeline: its vendor's adapter, and whether it can do its work here. */
export interface StageVendor<Port> {
  /** Its retries, and the providers behind it, are part of it. */
  port: Port;
  /** False when the stage runs on the built-in simulator and that cannot work on this machine. */
  available: boolean;
  /** Plain words for users: why it is simulated or missing, and what to do about it. */
  detail?: string;
  /** Who is asked when it fails, in order. */
  fallbacks?: readonly ProviderInfo[];
}

/** Who answers for each stage. */
export interface Vendors {
  stt: StageVendor<SpeechToText>;
  llm: StageVendor<LanguageModel>;
  tts: StageVendor<TextToSpeech>;
}

/** Injection token of `Vendors`. */
export const VENDORS = Symbol('VENDORS');
