import { ENCODINGS, type Encoding } from '../hearing/pcm-decoder';
import type { JsonObject } from '../server/json';
import { REALTIME_LANGUAGES } from './languages';

const MODELS = ['saaras:v3-realtime', 'saaras:v4-realtime', 'saaras:v4'] as const;
const STREAM_TYPES = ['fast', 'balanced', 'simulated'] as const;
const MODES = ['transcribe', 'translate', 'verbatim', 'translit', 'codemix'] as const;
const ENDPOINTINGS = ['vad', 'manual'] as const;
const SAMPLE_RATES = ['8000', '16000'] as const;
const BOOLEANS = ['true', 'false'] as const;

/** A realtime connection's settings, with the vendor's field names, as `session.begin` echoes them. */
export interface RealtimeConfig {
  model: string;
  language_code: string;
  encoding: Encoding;
  sample_rate: number;
  stream_type: (typeof STREAM_TYPES)[number];
  mode: (typeof MODES)[number];
  prompt: string;
  turn_detection: (typeof ENDPOINTINGS)[number];
  threshold: number;
  prefix_padding_ms: number;
  /** Default 1000, as the real server echoes it; its documentation says 500. */
  silence_duration_ms: number;
  min_speech_duration_ms: number;
  return_timestamps: boolean;
}

/** The settings of a connection's query, or what is wrong with it. */
export function parseRealtimeQuery(query: URLSearchParams): RealtimeConfig | string {
  const problems: string[] = [];
  const choice = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const value = query.get(name);
    const found = value === null ? fallback : allowed.find((candidate) => candidate === value);
    if (found === undefined) problems.push(`${name} must be one of ${allowed.join(', ')}`);
    return found ?? fallback;
  };
  const number = (name: string, fallback: number, max: number): number => {
    const value = query.get(name);
    const parsed = value === null ? fallback : Number(value);
    if (value === '' || !(parsed >= 0 && parsed <= max)) problems.push(`${name} must be a number from 0 to ${max}`);
    return parsed;
  };
  const language = query.get('language_code');
  if (language === null) problems.push('language_code is required');
  else if (!REALTIME_LANGUAGES.has(language)) problems.push(`language_code ${language} is not supported`);
  const config: RealtimeConfig = {
    model: choice('model', MODELS, 'saaras:v3-realtime'),
    language_code: language ?? '',
    encoding: choice('encoding', ENCODINGS, 'linear16'),
    sample_rate: Number(choice('sample_rate', SAMPLE_RATES, '16000')),
    stream_type: choice('stream_type', STREAM_TYPES, 'balanced'),
    mode: choice('mode', MODES, 'transcribe'),
    prompt: query.get('prompt') ?? '',
    turn_detection: choice('endpointing', ENDPOINTINGS, 'vad'),
    threshold: number('threshold', 0.3, 1),
    prefix_padding_ms: number('prefix_padding_ms', 300, 10_000),
    silence_duration_ms: number('silence_duration_ms', 1000, 10_000),
    min_speech_duration_ms: number('min_speech_duration_ms', 250, 10_000),
    return_timestamps: choice('return_timestamps', BOOLEANS, 'false') === 'true',
  };
  return problems[0] ?? config;
}

/** A validated `config.update`. */
export interface ConfigUpdate {
  /** The message's keys that take effect, as the acknowledgement lists them. */
  applied: string[];
  /** Applied at the next utterance boundary. */
  gated: Partial<RealtimeConfig>;
  /** Applied at once. */
  immediate: Partial<RealtimeConfig>;
}

/** What a `config.update` changes, or why it is refused as a whole. */
export function parseConfigUpdate(message: JsonObject, current: RealtimeConfig): ConfigUpdate | string {
  const update: ConfigUpdate = { applied: [], gated: {}, immediate: {} };
  for (const [name, value] of Object.entries(message)) {
    if (name === 'event') continue;
    const problem = readField(update, name, value, current);
    if (problem !== undefined) return problem;
  }
  return update;
}

function readField(update: ConfigUpdate, name: string, value: unknown, current: RealtimeConfig): string | undefined {
  const gate = (change: Partial<RealtimeConfig>): undefined => {
    update.applied.push(name);
    Object.assign(update.gated, change);
  };
  // Voice activity does not run in manual mode, so its settings are ignored there.
  const tune = (change: Partial<RealtimeConfig>): undefined => {
    if (current.turn_detection === 'manual') return;
    update.applied.push(name);
    Object.assign(update.immediate, change);
  };
  switch (name) {
    case 'language_code':
      return typeof value === 'string' && REALTIME_LANGUAGES.has(value)
        ? gate({ language_code: value })
        : `language_code ${String(value)} is not supported`;
    case 'mode': {
      const mode = MODES.find((candidate) => candidate === value);
      return mode ? gate({ mode }) : `mode must be one of ${MODES.join(', ')}`;
    }
    case 'prompt':
      return typeof value === 'string' ? gate({ prompt: value }) : 'prompt must be a string';
    case 'stream_type': {
      const type = STREAM_TYPES.find((candidate) => candidate === value);
      if (!type) return `stream_type must be one of ${STREAM_TYPES.join(', ')}`;
      if ((type === 'simulated') !== (current.stream_type === 'simulated')) return 'stream_type cannot move to or from simulated';
      return gate({ stream_type: type });
    }
    case 'endpointing': {
      const endpointing = ENDPOINTINGS.find((candidate) => candidate === value);
      return endpointing ? gate({ turn_detection: endpointing }) : 'endpointing must be vad or manual';
    }
    case 'threshold':
      return isWithin(value, 1) ? tune({ threshold: value }) : 'threshold must be a number from 0 to 1';
    case 'silence_duration_ms':
      return isWithin(value, 10_000) ? tune({ silence_duration_ms: value }) : 'silence_duration_ms must be a number from 0 to 10000';
    case 'min_speech_duration_ms':
      return isWithin(value, 10_000) ? tune({ min_speech_duration_ms: value }) : 'min_speech_duration_ms must be a number from 0 to 10000';
    default:
      return `${name} cannot be updated`;
  }
}

function isWithin(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= max;
}
