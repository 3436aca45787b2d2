import type { SimulatedAgentOptions } from './elevenlabs/agents/simulated-agent';
import type { ReplySource } from './openai/reply-source';
import type { StrictChat } from './openai/strict-chat';
import type { Recogniser, Synthesiser } from './speech/ports';

/** The latencies of the simulated vendors. All in milliseconds but `jitter`. */
export interface LatencyProfile {
  /** From the client's end of speech (manual endpointing) to the final transcript. */
  sttFinalMs: number;
  /** From the request to the first content token. */
  llmFirstTokenMs: number;
  /** Between two tokens after the first. */
  llmTokenGapMs: number;
  /** From the first text that may be spoken to the first audio chunk of a context or request. */
  ttsFirstChunkMs: number;
  /** Each delay varies at random by up to this share of itself, up or down (0: not at all). */
  jitter: number;
}

/** The middle of the figures measured at the vendors. */
export const MIDDLE_LATENCY: LatencyProfile = { sttFinalMs: 200, llmFirstTokenMs: 175, llmTokenGapMs: 10, ttsFirstChunkMs: 300, jitter: 0 };

/** Limits and time-outs of the simulated accounts. Times in milliseconds. */
export interface SimulatorLimits {
  /** Concurrent Sarvam sockets per key, over both endpoints; one more is refused with 429. */
  sarvamSockets: number;
  /** Without a message for this long: `session.end` and close 1008. The vendor documents no figure. */
  sarvamRealtimeIdleMs: number;
  /** Without a message for this long: the TCP connection ends without a close frame. */
  sarvamLegacyIdleMs: number;
  /** Requests a minute per OpenAI key. */
  openAiRequestsPerMinute: number;
  /**
   * Concurrent ElevenLabs HTTP requests, generating text-to-speech contexts and open dialogue sockets, together; one more is refused, over
   * HTTP with 429.
   */
  elevenLabsConcurrency: number;
  /** `Retry-After` of that 429, in seconds; 0: the header is left out. */
  elevenLabsRetryAfterS: number;
  /** The default of the query parameter `inactivity_timeout`. */
  elevenLabsInactivityMs: number;
  /** How long a closed context still counts towards the five of its socket. */
  elevenLabsContextReleaseMs: number;
  /** Speech is sent this many times faster than it is spoken. */
  elevenLabsSpeed: number;
  /** How long an agent's signed URL stays valid; it can be used once. */
  agentSignedUrlMs: number;
  /** Without any frame except pongs for this long: an error and close 1002. */
  agentIdleMs: number;
  agentPingMs: number;
  /** A ping that stays unanswered for this long ends the conversation; Infinity: never. */
  agentPongTimeoutMs: number;
  /** For this long after `user_activity` an agent does not reply. */
  agentTypingMs: number;
}

/** Figures that the vendors document or that integrators have observed. */
export const DEFAULT_LIMITS: SimulatorLimits = {
  sarvamSockets: 20,
  sarvamRealtimeIdleMs: 60_000,
  sarvamLegacyIdleMs: 60_000,
  openAiRequestsPerMinute: 10_000,
  elevenLabsConcurrency: 10,
  elevenLabsRetryAfterS: 0,
  elevenLabsInactivityMs: 20_000,
  elevenLabsContextReleaseMs: 1000,
  elevenLabsSpeed: 8,
  agentSignedUrlMs: 15 * 60_000,
  agentIdleMs: 60_000,
  agentPingMs: 2000,
  agentPongTimeoutMs: Infinity,
  agentTypingMs: 2000,
};

/** The day whose OpenAI models are served, unless asked otherwise. Fixed, so that the simulator does not lose models as time passes. */
export const DEFAULT_MODELS_AS_OF = '2026-11-20';

/**
 * How ElevenLabs' text-to-speech sockets report when characters are spoken. `whole`: each frame has its own alignment. `none`: no frame
 * has one. `sparse`: one frame in three has one. `early`: a sentence's first frame has the alignment of the whole sentence. `short`: every
 * second word is left out, as when the vendor normalised the text. `absolute`: times count from the start of the context and not of the
 * frame. `restarting`: each frame repeats, from the first character on, everything so far. `normalized-only`: as `whole`, but only in the
 * field `normalizedAlignment`.
 */
export type AlignmentStyle = 'whole' | 'none' | 'sparse' | 'early' | 'short' | 'absolute' | 'restarting' | 'normalized-only';

export interface SimulatorOptions {
  latency?: Partial<LatencyProfile>;
  /** Sarvam's partials leave out this many of the last words, which come only with the final. Default: 0. */
  withheldWords?: number;
  /** Decides jitter, ids, chunk sizes and the faults' probabilities. */
  seed?: number;
  /** The recogniser and the synthesiser stay the caller's, who must close them after the simulator. */
  recogniser: Recogniser;
  synthesiser: Synthesiser;
  /** The skill bot's clock. */
  now?: () => Date;
  /** Where the answers of the language model and the agents come from. Default: the skill bot. */
  replies?: ReplySource;
  /** Further ElevenLabs agents. An entry with the id `DEFAULT_AGENT_ID` replaces the default agent. */
  agents?: readonly SimulatedAgentOptions[];
  limits?: Partial<SimulatorLimits>;
  /** Default: `whole`. */
  alignment?: AlignmentStyle;
  /** What the language model's server refuses. Default: nothing that the vendor accepts. */
  strictChat?: StrictChat;
  /**
   * Date (`YYYY-MM-DD`) up to which OpenAI's announced shutdowns have happened. For rehearsing a model's retirement. Default:
   * `DEFAULT_MODELS_AS_OF`.
   */
  modelsAsOf?: string;
  /** Fixed ports; the system picks the others. */
  ports?: Partial<Record<keyof SimulatorUrls, number>>;
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
