import { type FallbackSyntax, type Provider, type ProviderDescriptor, PROVIDERS, providersOf, valuesOf } from '@parley/providers';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import type { Stage } from '@parley/conversation';
import { isEndpoint } from './access';

/** One provider of `STT_FALLBACK`, `LLM_FALLBACK` or `TTS_FALLBACK`. */
export interface FallbackEntry {
  /** The entry as it was written, for logs, such as `openai:llama3.2@http://127.0.0.1:11434/v1`. */
  name: string;
  /** The name of a provider of that stage, or `simulated`. */
  provider: string;
  model: string | undefined;
  /** The address of the provider. When undefined, the provider's own variables say its address and its key. */
  address: string | undefined;
}

/** The stages that can have fallback providers. */
export const FALLBACK_STAGES: readonly Stage[] = ['stt', 'llm', 'tts'];

/** The name of the variable that lists the fallbacks of a stage. */
export const fallbackVariable = <S extends Stage>(stage: S): `${Uppercase<S>}_FALLBACK` =>
  `${stage.toUpperCase() as Uppercase<S>}_FALLBACK`;

/** The built-in demo, which every stage may fall back on. */
export const SIMULATED: FallbackSyntax = { name: 'simulated', takesModel: false, takesAddress: false, standsAlone: true };

const ENTRY = /^(?<provider>[a-z][a-z\d-]*)(?::(?<model>@?[^\s@]+))?(?:@(?<address>(?:http|ws)s?:\/\/\S+))?$/;

/** The entries of a list in their order, without empty ones. Throws at the first entry that is wrong; the message does not quote the entry. */
export function parseFallbacks(stage: Stage, list: string | undefined, providers: readonly Provider[] = PROVIDERS): FallbackEntry[] {
  const known = providersOf(stage, providers);
  const texts = (list ?? '').split(',').flatMap((text) => text.trim() || []);
  return texts.map((text, index) => {
    const entry = parseEntry(text, known);
    const problem = typeof entry === 'string' ? entry : texts.indexOf(text) < index ? 'is there twice' : undefined;
    if (typeof entry === 'string' || problem !== undefined) throw new Error(`entry ${index + 1} ${problem}`);
    return entry;
  });
}

/** Returns the entry, or a text that says what is wrong with it. */
function parseEntry(text: string, known: readonly ProviderDescriptor[]): FallbackEntry | string {
  const { provider: name, model, address } = ENTRY.exec(text)?.groups ?? {};
  const syntaxes: readonly FallbackSyntax[] = [SIMULATED, ...known];
  const syntax = syntaxes.find((candidate) => candidate.name === name);
  if (syntax === undefined) return `must be ${syntaxes.map(fallbackUsage).join(' or ')}`;
  const { takesModel, takesAddress, standsAlone } = syntax;
  const isAlone = model === undefined && address === undefined;
  if ((model !== undefined && !takesModel) || (address !== undefined && !takesAddress) || (isAlone && !standsAlone)) {
    return `must be ${fallbackUsage(syntax)}`;
  }
  const protocols = known.find((provider) => provider.name === name)?.variables.baseUrl?.protocols ?? [];
  if (address !== undefined && !isEndpoint(address, protocols))
    return `needs an address without user and password, query and fragment, of ${protocols.join(' or ')}`;
  return { name: text, provider: syntax.name, model, address };
}

/** How entries with a provider are written: `openai:model, openai@address or openai:model@address`. */
export function fallbackUsage({ name, takesModel, takesAddress, standsAlone }: FallbackSyntax): string {
  if (standsAlone) return [name, takesModel ? '[:model]' : '', takesAddress ? '[@address]' : ''].join('');
  const usages = [takesModel && `${name}:model`, takesAddress && `${name}@address`, takesModel && takesAddress && `${name}:model@address`];
  return usages
    .filter((usage) => usage !== false)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
}

/**
 * The values from which the provider of an entry is created: its own, except for the model and the address that the entry names. A key is sent
 * only to the host that it was configured for. Therefore another address gets `apiKey`, the key for the addresses in the stage's list.
 */
export const entryValues = (
  { variables }: ProviderDescriptor,
  { model, address }: FallbackEntry,
  environment: Readonly<Record<string, string | undefined>>,
  apiKey: string | undefined,
) => ({
  ...valuesOf(variables, environment),
  ...(address !== undefined && { apiKey, baseUrl: address }),
  ...(model !== undefined && { model }),
});

/** Says what is wrong with a list, given the rest of the environment. Undefined when the list is correct. */
function mistakeIn(stage: Stage, list: unknown, environment: object, providers: readonly Provider[]): string | undefined {
  try {
    const values = environment as Record<string, string | undefined>;
    const apiKey = values[`${fallbackVariable(stage)}_API_KEY`];
    for (const [index, entry] of parseFallbacks(stage, String(list), providers).entries()) {
      const provider = providersOf(stage, providers).find(({ name }) => name === entry.provider);
      if (provider === undefined || provider.isConfigured(entryValues(provider, entry, values, apiKey))) continue;
      return `entry ${index + 1} needs ${whatIsMissing(provider, entry)}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'is not a list of providers';
  }
}

function whatIsMissing({ variables, takesAddress }: ProviderDescriptor, { address }: FallbackEntry): string {
  const isOpen = (key: string): boolean => address === undefined || (key !== 'apiKey' && key !== 'baseUrl');
  const names = Object.entries(variables).flatMap(([key, { name, default: value }]) => (value === undefined && isOpen(key) ? name : []));
  return `${address === undefined && takesAddress ? 'an address, or ' : ''}${names.join(' or ')}`;
}

/** Checks that a value is a list of fallback providers for this stage. */
export const IsFallbackList = (stage: Stage, providers: readonly Provider[]): PropertyDecorator =>
  ValidateBy({
    name: 'isFallbackList',
    validator: {
      validate: (list, args) => mistakeIn(stage, list, args?.object ?? {}, providers) === undefined,
      defaultMessage: (args?: ValidationArguments) => `$property ${mistakeIn(stage, args?.value, args?.object ?? {}, providers) ?? ''}`,
    },
  });
