import { ValidateBy, type ValidationArguments } from 'class-validator';
import type { Stage } from '@parley/conversation';
import { isEndpoint } from './access';

/** One provider of `STT_FALLBACK`, `LLM_FALLBACK` or `TTS_FALLBACK`. */
export interface FallbackEntry {
  /** As it was written, for logs: `openai:llama3.2@http://127.0.0.1:11434/v1`. */
  name: string;
  provider: FallbackProviderName;
  model: string | undefined;
  /** Where it is asked; left out, where the vendor of that stage is asked, and with that vendor's key. */
  address: string | undefined;
}

export type FallbackProviderName = 'simulated' | 'sarvam' | 'sarvam-legacy' | 'openai' | 'elevenlabs' | 'elevenlabs-http';

interface Syntax {
  takesModel: boolean;
  takesAddress: boolean;
  /** False where the bare name is the stage's own provider once more. */
  standsAlone: boolean;
}

const SYNTAX: Record<FallbackProviderName, Syntax> = {
  simulated: { takesModel: false, takesAddress: false, standsAlone: true },
  sarvam: { takesModel: false, takesAddress: true, standsAlone: false },
  'sarvam-legacy': { takesModel: false, takesAddress: true, standsAlone: true },
  openai: { takesModel: true, takesAddress: true, standsAlone: false },
  elevenlabs: { takesModel: true, takesAddress: true, standsAlone: false },
  'elevenlabs-http': { takesModel: true, takesAddress: true, standsAlone: true },
};

const OF_STAGE: Record<Stage, readonly FallbackProviderName[]> = {
  stt: ['simulated', 'sarvam', 'sarvam-legacy'],
  llm: ['simulated', 'openai'],
  tts: ['simulated', 'elevenlabs', 'elevenlabs-http'],
};

/** What the vendor of a stage is reached with, where an entry names no address. */
const ACCESS: Record<Stage, readonly [key: string, address: string]> = {
  stt: ['SARVAM_API_KEY', 'SARVAM_BASE_URL'],
  llm: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  tts: ['ELEVENLABS_API_KEY', 'ELEVENLABS_BASE_URL'],
};

const ENTRY = /^(?<provider>[a-z-]+)(?::(?<model>@?[^\s@]+))?(?:@(?<address>(?:http|ws)s?:\/\/\S+))?$/;

/** The entries of a list, in order; empty ones are left out. Throws, without quoting it, at the first that is wrong. */
export function parseFallbacks(stage: Stage, list: string | undefined): FallbackEntry[] {
  const texts = (list ?? '').split(',').flatMap((text) => text.trim() || []);
  return texts.map((text, index) => {
    const entry = parseEntry(stage, text);
    const problem = typeof entry === 'string' ? entry : texts.indexOf(text) < index ? 'is there twice' : undefined;
    if (typeof entry === 'string' || problem !== undefined) throw new Error(`entry ${index + 1} ${problem}`);
    return entry;
  });
}

/** The entry, or what is wrong with it. */
function parseEntry(stage: Stage, text: string): FallbackEntry | string {
  const { provider: name, model, address } = ENTRY.exec(text)?.groups ?? {};
  const provider = OF_STAGE[stage].find((known) => known === name);
  if (provider === undefined) return `must be ${OF_STAGE[stage].map(usage).join(' or ')}`;
  const { takesModel, takesAddress, standsAlone } = SYNTAX[provider];
  const isAlone = model === undefined && address === undefined;
  if ((model !== undefined && !takesModel) || (address !== undefined && !takesAddress) || (isAlone && !standsAlone)) {
    return `must be ${usage(provider)}`;
  }
  if (address !== undefined && !isUsable(address, stage))
    return 'needs an address without user and password, query and fragment, http or https for a language model';
  return { name: text, provider, model, address };
}

function usage(provider: FallbackProviderName): string {
  const { takesModel, takesAddress, standsAlone } = SYNTAX[provider];
  if (standsAlone) return [provider, takesModel ? '[:model]' : '', takesAddress ? '[@address]' : ''].join('');
  return takesModel ? `${provider}:model, ${provider}@address or ${provider}:model@address` : `${provider}@address`;
}

const isUsable = (address: string, stage: Stage): boolean =>
  isEndpoint(address, stage === 'llm' ? ['http', 'https'] : ['http', 'https', 'ws', 'wss']);

/** What is wrong with a list, given the rest of the environment; undefined when nothing is. */
function mistakeIn(stage: Stage, list: unknown, environment: object): string | undefined {
  try {
    const entries = parseFallbacks(stage, String(list));
    const isReachable = ACCESS[stage].some((variable) => Reflect.get(environment, variable) !== undefined);
    const index = isReachable ? -1 : entries.findIndex(({ provider, address }) => provider !== 'simulated' && address === undefined);
    return index < 0 ? undefined : `entry ${index + 1} needs an address, or ${ACCESS[stage].join(' or ')}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'is not a list of providers';
  }
}

/** A list of providers that a stage falls back on. */
export const IsFallbackList = (stage: Stage): PropertyDecorator =>
  ValidateBy({
    name: 'isFallbackList',
    validator: {
      validate: (list, args) => mistakeIn(stage, list, args?.object ?? {}) === undefined,
      defaultMessage: (args?: ValidationArguments) => `$property ${mistakeIn(stage, args?.value, args?.object ?? {}) ?? ''}`,
    },
  });
