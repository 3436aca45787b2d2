import { Logger } from '@nestjs/common';
import {
  findLocalModelServer,
  type LanguageModel,
  loadLocalModel,
  type LocalModelProbeOptions,
  NO_KEY,
  OPENAI_PROVIDER,
  type Provider,
  type ProviderPorts,
  PROVIDERS,
  valuesOf,
} from '@parley/providers';
import type { Stage, TurnPolicy } from '@parley/conversation';
import { SIMULATED } from '../config/fallback-list';
import type { Settings } from '../config/settings';
import type { EmbeddedSimulator } from './embedded-simulator';
import { fallbackProviders } from './fallback-providers';
import { makeConfigured, makeProvider, type ProviderSettings, stageOptions } from './make-provider';
import { describeSimulated, simulatedProviders, type SimulatedProviders } from './simulated-providers';
import { type Failover, withFallbacks } from './with-fallbacks';
import type { StageProvider, StageProviders } from './stage-providers';

/** The settings that the choice depends on. */
export type ChoiceSettings = ProviderSettings &
  Pick<Settings, 'fallbacks' | 'localModelProbe'> & { turns: Pick<TurnPolicy, 'stallTimeoutMs'> };

/** Where to look for models on this machine, and which providers can be configured. */
export interface ChoiceOptions extends LocalModelProbeOptions {
  providers?: readonly Provider[];
}

/**
 * Chooses the provider of each stage: the first one that is configured, a model on this machine, or the simulator. Also chooses the fallbacks
 * of each stage. The simulator is started only when a stage needs it.
 */
export async function chooseProviders(
  settings: ChoiceSettings,
  simulator: Pick<EmbeddedSimulator, 'start'>,
  failover: Failover,
  { providers = PROVIDERS, ...localModels }: ChoiceOptions = {},
): Promise<StageProviders> {
  const own: Partial<StageProviders> = {
    stt: makeConfigured('stt', settings, providers),
    llm: makeConfigured('llm', settings, providers) ?? (await findLocalModel(settings, localModels)),
    tts: makeConfigured('tts', settings, providers),
  };
  const isFallback = Object.values(settings.fallbacks).some(({ entries }) => entries.some(({ provider }) => provider === SIMULATED.name));
  const { stallTimeoutMs } = settings.turns;
  if (isComplete(own) && !isFallback) {
    return withFallbacks(own, fallbackProviders(settings, undefined, own, providers), stallTimeoutMs, failover);
  }
  const demo = simulatedProviders(await simulator.start());
  const chosen: StageProviders = {
    stt: own.stt ?? simulatedStage(settings, demo, 'stt'),
    llm: own.llm ?? simulatedStage(settings, demo, 'llm'),
    tts: own.tts ?? simulatedStage(settings, demo, 'tts'),
  };
  return withFallbacks(chosen, fallbackProviders(settings, demo, chosen, providers), stallTimeoutMs, failover);
}

const isComplete = (own: Partial<StageProviders>): own is StageProviders =>
  [own.stt, own.llm, own.tts].every((stage) => stage !== undefined);

async function findLocalModel(
  settings: ProviderSettings & Pick<Settings, 'localModelProbe'>,
  localModels: LocalModelProbeOptions,
): Promise<StageProvider<LanguageModel> | undefined> {
  if (!settings.localModelProbe) return undefined;
  const server = await findLocalModelServer(AbortSignal.timeout(2_000), localModels);
  if (server === undefined) return undefined;
  const { name, baseURL, model } = server;
  new Logger('Providers').log({ message: 'a language model server on this machine is used', name, model });
  void loadLocalModel(server, AbortSignal.timeout(120_000), localModels);
  // The first request may have to load the model.
  const options = { ...stageOptions(settings).llm, name, firstTokenTimeoutMs: 12_000 };
  const port = makeProvider<'llm'>(
    { ...OPENAI_PROVIDER, label: name },
    { ...valuesOf(OPENAI_PROVIDER.variables, settings.providers), apiKey: NO_KEY, baseUrl: baseURL, model },
    options,
  );
  return { port, available: true, detail: `The model ${model} on this machine answers.` };
}

/** A stage that runs on the simulator, which receives the same requests as the real provider would. */
function simulatedStage<S extends Stage>(settings: ProviderSettings, demo: SimulatedProviders, stage: S): StageProvider<ProviderPorts[S]> {
  const provider = demo[stage];
  const condition = provider.health?.() ?? { available: true };
  const port = makeProvider(provider, valuesOf(provider.variables, settings.providers), stageOptions(settings)[stage]);
  return { port, available: condition.available, detail: describeSimulated(stage, condition) };
}
