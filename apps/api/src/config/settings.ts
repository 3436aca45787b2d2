import { DEFAULT_TURN_POLICY, type TurnPolicy } from '@parley/conversation';
import type { Environment } from './environment';

/** Where one vendor is reached. Neither key nor base URL means: not configured. */
export interface VendorSettings {
  apiKey: string | undefined;
  baseUrl: string | undefined;
}

/** The environment, parsed once; what the rest of the server works with. */
export interface Settings {
  port: number;
  host: string;
  allowedOrigins: readonly string[];
  sarvam: VendorSettings;
  openai: VendorSettings & { models: readonly string[]; maxTokens: number };
  elevenLabs: VendorSettings & { voiceId: string; modelId: string };
  simulator: { latency: 'fast' | 'middle' | 'slow'; jitter: number; seed: number; recognisers: number | undefined };
  localModelProbe: boolean;
  logLevel: Environment['LOG_LEVEL'];
  /** Where sessions are recorded; `undefined` records nothing. */
  recordDir: string | undefined;
  turns: TurnPolicy;
}

/** Injection token of `Settings`. */
export const SETTINGS = Symbol('SETTINGS');

const commaList = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((item) => item.trim() || []);

export const settingsFrom = (environment: Environment): Settings => ({
  port: environment.PORT,
  host: environment.HOST,
  allowedOrigins: commaList(environment.ALLOWED_ORIGINS),
  sarvam: { apiKey: environment.SARVAM_API_KEY, baseUrl: environment.SARVAM_BASE_URL },
  openai: {
    apiKey: environment.OPENAI_API_KEY,
    baseUrl: environment.OPENAI_BASE_URL,
    models: commaList(environment.LLM_MODEL),
    maxTokens: environment.LLM_MAX_TOKENS,
  },
  elevenLabs: {
    apiKey: environment.ELEVENLABS_API_KEY,
    baseUrl: environment.ELEVENLABS_BASE_URL,
    voiceId: environment.ELEVENLABS_VOICE_ID,
    modelId: environment.TTS_MODEL,
  },
  simulator: {
    latency: environment.SIMULATOR_LATENCY,
    jitter: environment.SIMULATOR_JITTER,
    seed: environment.SIMULATOR_SEED,
    recognisers: environment.SIMULATOR_RECOGNISERS,
  },
  localModelProbe: environment.LOCAL_MODEL_PROBE,
  logLevel: environment.LOG_LEVEL,
  recordDir: environment.RECORD_DIR,
  turns: {
    ...DEFAULT_TURN_POLICY,
    endOfTurnSilenceMs: environment.END_OF_TURN_SILENCE_MS,
    turnTaking: environment.TURN_TAKING,
    adaptiveMinSilenceMs: environment.ADAPTIVE_MIN_SILENCE_MS,
    draftAfterSilenceMs: environment.PREEMPTIVE_GENERATION ? environment.DRAFT_AFTER_SILENCE_MS : undefined,
    interruptConfirmMs: environment.INTERRUPT_CONFIRM_MS,
    interruptionMode: environment.INTERRUPTION_MODE,
    ...(environment.BACK_CHANNELS !== undefined && { backChannels: commaList(environment.BACK_CHANNELS) }),
    maxUserTurnMs: environment.MAX_USER_TURN_MS,
    maxSessionMs: environment.MAX_SESSION_MS,
    inactivityTimeoutMs: environment.INACTIVITY_TIMEOUT_MS,
    memoryOnInterruption: environment.MEMORY_ON_INTERRUPTION,
    systemPrompt: environment.SYSTEM_PROMPT,
  },
});
