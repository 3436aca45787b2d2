import type { Recogniser, Synthesiser } from './speech/ports';

/** How slow the simulated vendors are. All in milliseconds but `jitter`. */
export interface LatencyProfile {
  /** From the client's end of speech (manual endpointing) to the final transcript. */
  sttFinalMs: number;
  /** From the request to the first content token. */
  llmFirstTokenMs: number;
  /** Between two tokens after the first. */
  llmTokenGapMs: number;
  /** From the first text that may be spoken to the first audio chunk of a context or request. */
  ttsFirstChunkMs: number;
  /** Each delay is drawn from ±this share of itself (0 = exact), by the seed. */
  jitter: number;
}

/** The middle of the figures measured at the vendors. */
export const MIDDLE_LATENCY: LatencyProfile = { sttFinalMs: 200, llmFirstTokenMs: 175, llmTokenGapMs: 15, ttsFirstChunkMs: 300, jitter: 0 };

export interface SimulatorOptions {
  latency?: Partial<LatencyProfile>;
  seed?: number;
  recogniser: Recogniser;
  synthesiser: Synthesiser;
  /** The skill bot's clock. */
  now?: () => Date;
}

/** Three servers on loopback, one per vendor (their paths overlap), on ports the system picks. */
export interface SimulatorUrls {
  /** Origin, for `SARVAM_BASE_URL`. */
  sarvam: string;
  /** Ends in `/v1`, for `OPENAI_BASE_URL`. */
  openai: string;
  /** Origin, for `ELEVENLABS_BASE_URL`. */
  elevenLabs: string;
}
