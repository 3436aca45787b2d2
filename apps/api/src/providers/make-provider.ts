import { Logger } from '@nestjs/common';
import {
  type Provider,
  type ProviderDescriptor,
  type ProviderPorts,
  PROVIDERS,
  providersOf,
  type ProviderStage,
  type StageOptions,
  valuesOf,
  type VariableValues,
} from '@parley/providers';
import type { Settings } from '../config/settings';
import { providerLog } from './provider-log';

/** What adapters are made with besides their own variables. */
export const stageOptions = ({ llm, agent }: Pick<Settings, 'llm' | 'agent'>): StageOptions => ({
  stt: {},
  llm: { maxTokens: llm.maxTokens },
  tts: {},
  agent: { overridable: agent.overrides ?? [], warmSessions: agent.warmSessions },
});

/** The adapter of a provider, with its log. */
export const makeProvider = <Stage extends ProviderStage>(
  provider: ProviderDescriptor<Stage>,
  values: VariableValues,
  options: StageOptions[Stage],
): ProviderPorts[Stage] => provider.make({ values, simulated: false, logger: providerLog(new Logger(provider.label)), ...options });

/** The adapter of the stage's own provider: the first one that is configured. */
export function makeConfigured<Stage extends ProviderStage>(
  stage: Stage,
  settings: Pick<Settings, 'providers' | 'llm' | 'agent'>,
  providers: readonly Provider[] = PROVIDERS,
): ProviderPorts[Stage] | undefined {
  for (const provider of providersOf(stage, providers)) {
    const values = valuesOf(provider.variables, settings.providers);
    if (provider.isConfigured(values)) return makeProvider(provider, values, stageOptions(settings)[stage]);
  }
  return undefined;
}
