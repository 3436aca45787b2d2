import { type ProviderInfo, PROVIDERS, providersOf, type ProviderStage } from '@parley/providers';
import type { ProviderValues } from '../config/environment-for';
import type { StageProviders } from '../providers/stage-providers';
import type { ObservedProvider } from '../telemetry/observed-conversation';

/** A provider as traces show it. Its model is the first one that its variables name. */
export function observedProvider(stage: ProviderStage, { name, simulated }: ProviderInfo, values: ProviderValues): ObservedProvider {
  const variable = providersOf(stage, PROVIDERS).find((provider) => provider.name === name)?.variables['model'];
  const model = variable && (values[variable.name] ?? variable.default);
  return { name, simulated, model: model?.split(',')[0]?.trim() };
}

/** The provider that each stage of the pipeline asks first. */
export const observedStages = ({ stt, llm, tts }: StageProviders, values: ProviderValues) => ({
  stt: observedProvider('stt', stt.port.info, values),
  llm: observedProvider('llm', llm.port.info, values),
  tts: observedProvider('tts', tts.port.info, values),
});
