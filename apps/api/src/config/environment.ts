import { plainToInstance, Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsTimeZone,
  Matches,
  Max,
  MaxLength,
  Min,
  validateSync,
} from 'class-validator';
import { IsEndpoint, IsKey, Unwrapped } from './access';
import { IsFallbackList } from './fallback-list';
import { IsFolder } from './is-folder';

const AGENT_OVERRIDES = /^\s*(prompt|first_message|language|voice)(\s*,\s*(prompt|first_message|language|voice))*\s*$/;
const ORIGIN_LIST = /^(?:\s*(?:\*|[a-z][a-z\d+.-]*:\/\/[^\s/,]+\/?)?\s*(?:,|$))*$/i;
const HOST_LIST = /^(?:\s*(?:\*|[\p{L}\p{N}_][\p{L}\p{N}._-]*|\[[\da-f:.]+\]|[\da-f.]*:[\da-f:.]*)?\s*(?:,|$))*$/iu;
const ORIGIN_PROTOCOLS = ['http', 'https', 'ws', 'wss'] as const;

/** An empty variable counts as not set: `.env` templates leave them empty. */
const emptyIsUnset = (raw: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(raw).filter(([, value]) => typeof value !== 'string' || value.trim() !== ''));

const ToBoolean = (): PropertyDecorator =>
  Transform(({ value }) => ({ true: true, '1': true, false: false, '0': false })[String(value).toLowerCase()] ?? value);
const ToNumber = (): PropertyDecorator => Transform(({ value }) => (typeof value === 'string' ? Number(value) : value));

/** Every environment variable the product reads, with its default and its bounds. Nothing else reads `process.env`. */
export class Environment {
  @ToNumber() @IsInt() @Min(0) @Max(65_535) PORT = 3000;
  @Unwrapped() @IsString() @IsNotEmpty() HOST = '127.0.0.1';
  /** Comma list of origins that may connect besides the server's own; `*` for any. */
  @IsOptional()
  @Matches(ORIGIN_LIST, { message: '$property must be a comma list of origins, such as https://app.example, or *' })
  ALLOWED_ORIGINS?: string;
  /** Comma list of host names and addresses, without ports, that this server answers to besides its own; `*` for any. */
  @IsOptional()
  @Matches(HOST_LIST, { message: '$property must be a comma list of host names or addresses without ports, such as parley.example, or *' })
  ALLOWED_HOSTS?: string;
  /** Whether a proxy in front says in `X-Forwarded-Proto` how the server was reached. Without a proxy anybody could say so. */
  @ToBoolean() @IsBoolean() TRUST_PROXY = false;

  @IsOptional() @Unwrapped() @IsKey() SARVAM_API_KEY?: string;
  @IsOptional() @Unwrapped() @IsEndpoint(ORIGIN_PROTOCOLS) SARVAM_BASE_URL?: string;
  @IsOptional() @Unwrapped() @IsKey() OPENAI_API_KEY?: string;
  @IsOptional() @Unwrapped() @IsEndpoint(['http', 'https']) OPENAI_BASE_URL?: string;
  /** Comma list; the next one is used when a model is gone. */
  @Matches(/[^\s,]/, { message: '$property must name at least one model' }) LLM_MODEL = 'gpt-4o,gpt-6-luna';
  @ToNumber() @IsInt() @Min(16) @Max(16_384) LLM_MAX_TOKENS = 600;
  @IsOptional() @Unwrapped() @IsKey() ELEVENLABS_API_KEY?: string;
  @IsOptional() @Unwrapped() @IsEndpoint(ORIGIN_PROTOCOLS) ELEVENLABS_BASE_URL?: string;
  @Unwrapped() @Matches(/^[A-Za-z0-9_-]{1,64}$/) ELEVENLABS_VOICE_ID = '21m00Tcm4TlvDq8ikWAM';
  @Unwrapped() @Matches(/^[!-~]{1,128}$/, { message: '$property must be the name of a model' }) TTS_MODEL = 'eleven_flash_v2_5';
  @IsOptional() @Unwrapped() @Matches(/^[A-Za-z0-9_-]{1,128}$/) ELEVENLABS_AGENT_ID?: string;
  /** Comma list: what a conversation may override of the agent. The vendor refuses what the agent's own settings do not allow. */
  @IsOptional()
  @Matches(AGENT_OVERRIDES, { message: '$property must be a comma list of prompt, first_message, language and voice' })
  AGENT_OVERRIDES?: string;
  /** Conversations with the agent that are signed for ahead, so that a start does not wait. */
  @ToNumber() @IsInt() @Min(0) @Max(50) AGENT_WARM_SESSIONS = 1;
  /** What the agent says first, in place of what it is configured to; needs `first_message` among the overrides. */
  @IsOptional() @IsString() @MaxLength(500) AGENT_FIRST_MESSAGE?: string;
  /** IANA name: the time that the agent's clock tool tells. By default this machine's. */
  @IsOptional() @IsTimeZone() AGENT_TIME_ZONE?: string;

  /** Comma lists of the providers that are asked, in order, when a stage's own one fails: `simulated`, `sarvam-legacy`, `openai:model@address`... */
  @IsOptional() @IsFallbackList('stt') STT_FALLBACK?: string;
  @IsOptional() @IsFallbackList('llm') LLM_FALLBACK?: string;
  @IsOptional() @IsFallbackList('tts') TTS_FALLBACK?: string;
  /** For the entries that name an address: the vendor's own key is never sent to another one. */
  @IsOptional() @Unwrapped() @IsKey() STT_FALLBACK_API_KEY?: string;
  @IsOptional() @Unwrapped() @IsKey() LLM_FALLBACK_API_KEY?: string;
  @IsOptional() @Unwrapped() @IsKey() TTS_FALLBACK_API_KEY?: string;

  @IsOptional() @Unwrapped() @IsEndpoint(ORIGIN_PROTOCOLS) LIVEKIT_URL?: string;
  @IsOptional() @Unwrapped() @IsKey() LIVEKIT_API_KEY?: string;
  @IsOptional() @Unwrapped() @IsKey() LIVEKIT_API_SECRET?: string;

  @ToNumber() @IsInt() @Min(100) @Max(10_000) END_OF_TURN_SILENCE_MS = 900;
  /** `fixed`: that silence, exactly. `adaptive`: as much as the user's words ask for. */
  @IsIn(['fixed', 'adaptive']) TURN_TAKING: 'fixed' | 'adaptive' = 'fixed';
  /** Adaptive: the silence behind words that are complete. */
  @ToNumber() @IsInt() @Min(100) @Max(10_000) ADAPTIVE_MIN_SILENCE_MS = 450;
  @ToNumber() @IsInt() @Min(64) @Max(5_000) INTERRUPT_CONFIRM_MS = 200;
  /** `immediate`: confirmed speech interrupts. `resumable`: it pauses the assistant, and its words decide. */
  @IsIn(['immediate', 'resumable']) INTERRUPTION_MODE: 'immediate' | 'resumable' = 'immediate';
  /** Comma list: what a listener says without wanting the word. By default the lists for English and Hindi. */
  @IsOptional() @IsString() BACK_CHANNELS?: string;
  @ToNumber() @IsInt() @Min(500) @Max(86_400_000) INACTIVITY_TIMEOUT_MS = 60_000;
  /** A user turn is ended after this long, whatever is heard. */
  @ToNumber() @IsInt() @Min(1_000) @Max(3_600_000) MAX_USER_TURN_MS = 120_000;
  /** A conversation is ended after this long; announced half a minute before. */
  @ToNumber() @IsInt() @Min(1_000) @Max(86_400_000) MAX_SESSION_MS = 3_600_000;
  /** Conversations that are opened at the same time; others wait their turn. */
  @ToNumber() @IsInt() @Min(1) @Max(10_000) MAX_OPENING = 50;
  @ToBoolean() @IsBoolean() PREEMPTIVE_GENERATION = true;
  @ToNumber() @IsInt() @Min(64) @Max(10_000) DRAFT_AFTER_SILENCE_MS = 200;
  /** How often in one user turn a reply may be drafted before that silence, from words that seem to be all; 0 never. */
  @ToNumber() @IsInt() @Min(0) @Max(100) EARLY_DRAFTS = 3;
  /** Whether an interrupted reply is forgotten, or what was heard of it is remembered. */
  @IsIn(['discard', 'heard']) MEMORY_ON_INTERRUPTION: 'discard' | 'heard' = 'discard';
  @IsString() SYSTEM_PROMPT =
    'You are Parley, a friendly voice assistant. Your words are spoken aloud: answer in one to three short sentences of plain speech, without lists, Markdown, emoji or code.';

  /** How slow the built-in simulator is: the vendors' measured figures, or almost no delay. */
  @IsIn(['fast', 'middle', 'slow']) SIMULATOR_LATENCY: 'fast' | 'middle' | 'slow' = 'middle';
  @ToNumber() @IsNumber() @Min(0) @Max(1) SIMULATOR_JITTER = 0;
  @ToNumber() @IsInt() SIMULATOR_SEED = 1;
  /** How many of the last words the simulated recogniser keeps back until its final transcript. */
  @ToNumber() @IsInt() @Min(0) @Max(100) SIMULATOR_WITHHELD_WORDS = 0;
  /** Processes that recognise speech for the simulator; by default one per core, at most four. */
  @IsOptional() @ToNumber() @IsInt() @Min(1) @Max(64) SIMULATOR_RECOGNISERS?: number;
  /** Whether an OpenAI-compatible server on this machine is looked for when no key is set. */
  @ToBoolean() @IsBoolean() LOCAL_MODEL_PROBE = true;
  /** Folder for the journal and the sound of every session; not set: nothing is recorded. */
  @IsOptional() @IsFolder() RECORD_DIR?: string;
  @IsIn(['error', 'warn', 'info', 'debug']) LOG_LEVEL: 'error' | 'warn' | 'info' | 'debug' = 'info';
}

/** All mistakes at once, each with the variable's name and never its value (it may be a key). */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  constructor(readonly mistakes: readonly string[]) {
    super(`The environment is not usable:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}

export function parseEnvironment(raw: Record<string, unknown>): Environment {
  const environment = plainToInstance(Environment, emptyIsUnset(raw), { exposeDefaultValues: true });
  const mistakes = validateSync(environment).flatMap((error) => Object.values(error.constraints ?? {}));
  if (mistakes.length > 0) throw new EnvironmentError(mistakes);
  return environment;
}
