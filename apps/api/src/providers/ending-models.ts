import { endingOf, isVendorHost } from '@parley/providers';
import type { Settings } from '../config/settings';

/** How long ahead of a model's end it is time to choose another one. */
const WARN_DAYS = 90;

/** Something that takes a warning. */
interface Warnings {
  warn(line: object, context: string): void;
}

/**
 * Warns of every model of OpenAI's that this server would ask and that ends within 90 days, or has ended, by what the vendor has announced.
 * Nothing is said where OpenAI is not asked: without a key or address, and of models at other addresses.
 */
export function warnOfEndingModels(settings: Settings, now: Date, logger: Warnings): void {
  const { own, fallbacks } = modelsAtOpenAi(settings);
  const next = [...own, ...fallbacks].find((model) => endingOf(model, now) === undefined);
  for (const model of new Set([...own, ...fallbacks])) {
    const ending = endingOf(model, now);
    if (ending === undefined || ending.inDays > WARN_DAYS) continue;
    const message = ending.inDays > 0 ? 'a language model ends soon' : 'a language model has ended';
    logger.warn({ message, ...ending, variable: own.includes(model) ? 'LLM_MODEL' : 'LLM_FALLBACK', next: next ?? 'none' }, 'Vendors');
  }
}

/** In the order in which they are asked. */
function modelsAtOpenAi({ openai, fallbacks }: Settings): { own: readonly string[]; fallbacks: readonly string[] } {
  const isAsked = openai.baseUrl === undefined ? openai.apiKey !== undefined : isVendorHost(openai.baseUrl);
  const entries = fallbacks.llm.entries.filter(({ provider, address }) => {
    if (provider !== 'openai') return false;
    return address === undefined ? isAsked : isVendorHost(address);
  });
  return { own: isAsked ? openai.models : [], fallbacks: entries.flatMap(({ model }) => model ?? openai.models) };
}
