import { DEFAULT_TURN_POLICY, type Stage, type TurnPolicy } from '@parley/conversation';
import { type Provider, PROVIDERS, variablesOf, type VoiceAgentOverride } from '@parley/providers';
import { type AccessSettings, accessSettingsFrom } from './access-settings';
import { type BudgetSettings, budgetSettingsFrom } from './budget-settings';
import type { Environment } from './environment';
import type { CheckedEnvironment, ProviderValues } from './environment-for';
import { type FallbackEntry, parseFallbacks } from './fallback-list';
import { missingForRooms, type RoomSettings, roomSettingsFrom } from './room-settings';
import { secretsOfUrl } from './service-url';

/** The settings of the agent engine. */
export interface AgentSettings {
  /** What a conversation may override of the agent; undefined when it is not configured. */
  overrides: readonly VoiceAgentOverride[] | undefined;
  warmSessions: number;
  firstMessage: string | undefined;
  /** IANA name. */
  timeZone: string;
}

/** The providers that are asked when the provider of a stage fails. */
export interface FallbackSettings {
  entries: readonly FallbackEntry[];
  /** The key for the entries that name an address. */
  apiKey: string | undefined;
}

/** The settings of episodes. */
export interface EpisodeSettings {
  /** Absolute, or relative to the working directory. */
  dataDir: string;
  /** Address of PostgreSQL; undefined where the records are in a file in `dataDir`. */
  databaseUrl: string | undefined;
  /** Address of Redis; undefined where this server works alone. */
  redisUrl: string | undefined;
  cacheMaxBytes: number;
  parallel: number;
  /** For all servers of `redisUrl` together. */
  parallelTotal: number;
  /** For 1 000 billed characters. */
  price: { amount: number; currency: string } | undefined;
}

/** The settings of the server, from the environment that was parsed at its start. Modules take only the part that they need. */
export interface Settings {
  port: number;
  host: string;
  allowedOrigins: readonly string[];
  /** Host names and addresses that the server answers to besides its own; `*` for any. */
  allowedHosts: readonly string[];
  access: AccessSettings;
  /** How many conversations may be opened at the same time. */
  maxOpening: number;
  /** The variables of all providers; `valuesOf` selects those of one provider. */
  providers: ProviderValues;
  llm: { maxTokens: number };
  agent: AgentSettings;
  fallbacks: Record<Stage, FallbackSettings>;
  simulator: { latency: 'fast' | 'middle' | 'slow'; jitter: number; seed: number; withheldWords: number; recognisers: number | undefined };
  localModelProbe: boolean;
  logLevel: Environment['LOG_LEVEL'];
  /** The keys, which no log may show. */
  secrets: readonly string[];
  /** The folder into which conversations are recorded; undefined when they are not recorded. */
  recordDir: string | undefined;
  episodes: EpisodeSettings;
  budgets: BudgetSettings;
  /** Undefined where there are no rooms. */
  rooms: RoomSettings | undefined;
  /** The variables that would have to be set for rooms; none where there are rooms. */
  missingForRooms: readonly string[];
  turns: TurnPolicy;
}

/** Injection token of `Settings`. */
export const SETTINGS = Symbol('SETTINGS');

/** The overrides by the names that `AGENT_OVERRIDES` uses. */
const OVERRIDES: Readonly<Record<string, VoiceAgentOverride>> = {
  prompt: 'prompt',
  first_message: 'firstMessage',
  language: 'language',
  voice: 'voiceId',
};

const overrideOf = (name: string): VoiceAgentOverride[] => (OVERRIDES[name] ? [OVERRIDES[name]] : []);

/** The origin as browsers write it. */
const plainOrigin = (origin: string): string => origin.replace(/\/$/, '').toLowerCase();

const commaList = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((item) => item.trim() || []);

const secretsOf = (environment: CheckedEnvironment, providers: readonly Provider[]): string[] =>
  [
    ...variablesOf(providers).map(({ kind, name }) => (kind === 'key' ? environment[name] : undefined)),
    environment.STT_FALLBACK_API_KEY,
    environment.LLM_FALLBACK_API_KEY,
    environment.TTS_FALLBACK_API_KEY,
    environment.LIVEKIT_API_KEY,
    environment.LIVEKIT_API_SECRET,
    environment.ROOMS_API_TOKEN,
    environment.SESSION_TOKEN_SECRET,
    environment.SESSION_TOKEN_ISSUER_TOKEN,
    environment.METRICS_TOKEN,
    ...secretsOfUrl(environment.DATABASE_URL),
    ...secretsOfUrl(environment.REDIS_URL),
  ].filter((secret) => secret !== undefined);

const valuesByName = (environment: CheckedEnvironment, providers: readonly Provider[]): ProviderValues =>
  Object.fromEntries(variablesOf(providers).map(({ name }) => [name, environment[name]]));

export const settingsFrom = (environment: CheckedEnvironment, providers: readonly Provider[] = PROVIDERS): Settings => ({
  port: environment.PORT,
  host: environment.HOST,
  allowedOrigins: commaList(environment.ALLOWED_ORIGINS).map(plainOrigin),
  allowedHosts: commaList(environment.ALLOWED_HOSTS),
  access: accessSettingsFrom(environment),
  maxOpening: environment.MAX_OPENING,
  providers: valuesByName(environment, providers),
  llm: { maxTokens: environment.LLM_MAX_TOKENS },
  agent: {
    overrides: environment.AGENT_OVERRIDES === undefined ? undefined : commaList(environment.AGENT_OVERRIDES).flatMap(overrideOf),
    warmSessions: environment.AGENT_WARM_SESSIONS,
    firstMessage: environment.AGENT_FIRST_MESSAGE,
    timeZone: environment.AGENT_TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  },
  fallbacks: {
    stt: { entries: parseFallbacks('stt', environment.STT_FALLBACK, providers), apiKey: environment.STT_FALLBACK_API_KEY },
    llm: { entries: parseFallbacks('llm', environment.LLM_FALLBACK, providers), apiKey: environment.LLM_FALLBACK_API_KEY },
    tts: { entries: parseFallbacks('tts', environment.TTS_FALLBACK, providers), apiKey: environment.TTS_FALLBACK_API_KEY },
  },
  simulator: {
    latency: environment.SIMULATOR_LATENCY,
    jitter: environment.SIMULATOR_JITTER,
    seed: environment.SIMULATOR_SEED,
    withheldWords: environment.SIMULATOR_WITHHELD_WORDS,
    recognisers: environment.SIMULATOR_RECOGNISERS,
  },
  localModelProbe: environment.LOCAL_MODEL_PROBE,
  logLevel: environment.LOG_LEVEL,
  secrets: secretsOf(environment, providers),
  recordDir: environment.RECORD_DIR,
  episodes: {
    dataDir: environment.DATA_DIR,
    databaseUrl: environment.DATABASE_URL,
    redisUrl: environment.REDIS_URL,
    cacheMaxBytes: environment.AUDIO_CACHE_MAX_BYTES,
    parallel: environment.NARRATION_PARALLEL,
    parallelTotal: environment.NARRATION_PARALLEL_TOTAL ?? environment.NARRATION_PARALLEL,
    price:
      environment.NARRATION_PRICE_PER_1000 === undefined
        ? undefined
        : { amount: environment.NARRATION_PRICE_PER_1000, currency: environment.NARRATION_CURRENCY },
  },
  budgets: budgetSettingsFrom(environment),
  rooms: roomSettingsFrom(environment),
  missingForRooms: missingForRooms(environment),
  turns: {
    ...DEFAULT_TURN_POLICY,
    endOfTurnSilenceMs: environment.END_OF_TURN_SILENCE_MS,
    turnTaking: environment.TURN_TAKING,
    adaptiveMinSilenceMs: environment.ADAPTIVE_MIN_SILENCE_MS,
    draftAfterSilenceMs: environment.PREEMPTIVE_GENERATION ? environment.DRAFT_AFTER_SILENCE_MS : undefined,
    maxEarlyDrafts: environment.EARLY_DRAFTS,
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
