import type { SimulatedAgentOptions } from './elevenlabs/agents/simulated-agent';
import type { ReplySource } from './openai/reply-source';
import type { StrictChat } from './openai/strict-chat';
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
export const MIDDLE_LATENCY: LatencyProfile = { sttFinalMs: 200, llmFirstTokenMs: 175, llmTokenGapMs: 10, ttsFirstChunkMs: 300, jitter: 0 };

/** The accounts' limits and the vendors' clocks. Times in milliseconds. */
export interface SimulatorLimits {
  /** Concurrent Sarvam sockets per key, over both endpoints; one more is refused with 429. */
  sarvamSockets: number;
  /** Without a message for this long: `session.end` and close 1008. The vendor documents no figure. */
  sarvamRealtimeIdleMs: number;
  /** Without a message for this long: the TCP connection ends without a close frame. */
  sarvamLegacyIdleMs: number;
  /** Requests a minute per OpenAI key. */
  openAiRequestsPerMinute: number;
  /** Concurrent ElevenLabs HTTP generations; one more is refused with 429. */
  elevenLabsConcurrency: number;
  /** Where the query names no `inactivity_timeout`. */
  elevenLabsInactivityMs: number;
  /** For this long a closed context still counts among the five of its socket. */
  elevenLabsContextReleaseMs: number;
  /** Speech is sent this many times faster than it is spoken. */
  elevenLabsSpeed: number;
  /** For this long a signed URL of an agent can be used, once. */
  agentSignedUrlMs: number;
  /** Without a frame but pongs for this long: an error and close 1002. */
  agentIdleMs: number;
  agentPingMs: number;
  /** A ping that is not answered for this long ends the conversation; Infinity: never. */
  agentPongTimeoutMs: number;
  /** For this long after `user_activity` an agent holds its tongue. */
  agentTypingMs: number;
}

/** What the vendors document, or integrators have observed. */
export const DEFAULT_LIMITS: SimulatorLimits = {
  sarvamSockets: 20,
  sarvamRealtimeIdleMs: 60_000,
  sarvamLegacyIdleMs: 60_000,
  openAiRequestsPerMinute: 10_000,
  elevenLabsConcurrency: 10,
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
 * How ElevenLabs' text-to-speech sockets tell when characters are spoken. `whole`: each frame tells of its own. `none`: no frame tells. `sparse`:
 * one frame in three does. `early`: a sentence's first frame tells of the whole sentence. `short`: every second word is left out, as where the
 * vendor normalised the text. `absolute`: times count from the start of the context and not of the frame. `restarting`: each frame tells again,
 * from the first character on, of everything so far. `normalized-only`: as `whole`, under `normalizedAlignment` alone.
 */
export type AlignmentStyle = 'whole' | 'none' | 'sparse' | 'early' | 'short' | 'absolute' | 'restarting' | 'normalized-only';

export interface SimulatorOptions {
  latency?: Partial<LatencyProfile>;
  /** Sarvam's partials lag: so many of the last words known come with the final only. 0 when left out. */
  withheldWords?: number;
  /** Decides jitter, ids, chunk sizes and the faults' probabilities. */
  seed?: number;
  /** Both are used, not owned: whoever made them closes them, after the simulator. */
  recogniser: Recogniser;
  synthesiser: Synthesiser;
  /** The skill bot's clock. */
  now?: () => Date;
  /** Where the language model's and the agents' answers come from; the skill bot when left out. */
  replies?: ReplySource;
  /** ElevenLabs agents beside the default one (`DEFAULT_AGENT_ID`), which an entry with its id replaces. */
  agents?: readonly SimulatedAgentOptions[];
  limits?: Partial<SimulatorLimits>;
  /** `whole` when left out. */
  alignment?: AlignmentStyle;
  /** What the language model's server does not take of the protocol; it takes all of it when left out. */
  strictChat?: StrictChat;
  /** Date (`YYYY-MM-DD`) up to which OpenAI's announced shutdowns have happened. Rehearses a retirement; `DEFAULT_MODELS_AS_OF` when left out. */
  modelsAsOf?: string;
  /** Fixed ports; the system picks those left out. */
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
