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
import type { StageProvider } from './stage-providers';

/** The settings that adapters are created from. */
export type ProviderSettings = Pick<Settings, 'providers' | 'llm' | 'agent'>;

/** The values that adapters are created with in addition to their own variables. */
export const stageOptions = ({ llm, agent }: Pick<ProviderSettings, 'llm' | 'agent'>): StageOptions => ({
  stt: {},
  llm: { maxTokens: llm.maxTokens },
  tts: {},
  agent: { overridable: agent.overrides ?? [], warmSessions: agent.warmSessions },
});

/** Creates the adapter of a provider with its own logger. */
export const makeProvider = <Stage extends ProviderStage>(
  provider: ProviderDescriptor<Stage>,
  values: VariableValues,
  options: StageOptions[Stage],
): ProviderPorts[Stage] => provider.make({ values, simulated: false, logger: providerLog(new Logger(provider.label)), ...options });

/** The first provider of the stage that is configured, and whether it works on this machine. */
export function makeConfigured<Stage extends ProviderStage>(
  stage: Stage,
  settings: ProviderSettings,
  providers: readonly Provider[] = PROVIDERS,
): StageProvider<ProviderPorts[Stage]> | undefined {
  for (const provider of providersOf(stage, providers)) {
    const values = valuesOf(provider.variables, settings.providers);
    if (!provider.isConfigured(values)) continue;
    const condition = provider.health?.() ?? { available: true };
    const port = makeProvider(provider, values, stageOptions(settings)[stage]);
    return condition.available ? { port, available: true } : { port, available: false, detail: `${condition.reason} ${condition.remedy}` };
  }
  return undefined;
}
