import type { LanguageModel, ProviderInfo, SpeechToText, TextToSpeech } from '@parley/providers';

/** The provider of one stage: its adapter, and whether it can work on this machine. */
export interface StageProvider<Port> {
  /** The adapter, including its retries and its fallback providers. */
  port: Port;
  /** False when the stage runs on the built-in simulator and that cannot work on this machine. */
  available: boolean;
  /** A text for users: why the stage is simulated or missing, and what to do about it. */
  detail?: string;
  /** The providers that are asked when it fails, in this order. */
  fallbacks?: readonly ProviderInfo[];
}

/** The provider of each stage of the pipeline. */
export interface StageProviders {
  stt: StageProvider<SpeechToText>;
  llm: StageProvider<LanguageModel>;
  tts: StageProvider<TextToSpeech>;
}

/** Injection token of `StageProviders`. */
export const STAGE_PROVIDERS = Symbol('STAGE_PROVIDERS');
