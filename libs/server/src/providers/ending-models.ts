import { type ModelEnding, type Provider, PROVIDERS, providersOf, valuesOf } from '@parley/providers';
import { entryValues, fallbackVariable } from '../config/fallback-list';
import type { Settings } from '../config/settings';

/** The settings that decide which models are requested. */
type ModelSettings = Pick<Settings, 'providers' | 'fallbacks'>;

/** How long before the end of a model operators are warned to choose another one. */
const WARN_DAYS = 90;

/** The part of a logger that accepts warnings. */
interface Warnings {
  warn(line: object, context: string): void;
}

/** A model that this server would request from its vendor, and the variable that names it. */
interface AskedModel {
  model: string;
  variable: string;
  ending: ModelEnding | undefined;
}

/**
 * Warns about every language model that this server would request from its vendor and that, as the vendor has announced, ends within 90 days
 * or has ended. Does not warn when the vendor is not asked: when there is neither a key nor an address, and for models at other addresses.
 */
export function warnOfEndingModels(settings: ModelSettings, now: Date, logger: Warnings, providers: readonly Provider[] = PROVIDERS): void {
  const asked = askedModels(settings, now, providers);
  const next = asked.find(({ ending }) => ending === undefined)?.model ?? 'none';
  const reported = new Set<string>();
  for (const { model, variable, ending } of asked) {
    if (ending === undefined || ending.inDays > WARN_DAYS || reported.has(model)) continue;
    reported.add(model);
    const message = ending.inDays > 0 ? 'a language model ends soon' : 'a language model has ended';
    logger.warn({ message, ...ending, variable, next }, 'Providers');
  }
}

/** The models in the order in which they are tried. */
function askedModels({ providers: values, fallbacks }: ModelSettings, now: Date, providers: readonly Provider[]): AskedModel[] {
  const ofStage = providersOf('llm', providers);
  const own = ofStage.flatMap((provider) => {
    const variable = provider.variables.model?.name ?? '';
    const models = provider.vendorModels?.(valuesOf(provider.variables, values)) ?? [];
    return models.map((model) => ({ model, variable, ending: provider.modelEnding?.(model, now) }));
  });
  const behind = fallbacks.llm.entries.flatMap((entry) => {
    const provider = ofStage.find(({ name }) => name === entry.provider);
    const models = provider?.vendorModels?.(entryValues(provider, entry, values, fallbacks.llm.apiKey)) ?? [];
    return models.map((model) => ({ model, variable: fallbackVariable('llm'), ending: provider?.modelEnding?.(model, now) }));
  });
  return [...own, ...behind];
}
