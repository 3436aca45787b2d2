import type { Stage } from '@parley/conversation';
import { type FailoverProvider, type Provider, type ProviderPorts, PROVIDERS, providersOf, valuesOf } from '@parley/providers';
import { entryValues, type FallbackEntry, SIMULATED } from '../config/fallback-list';
import type { Settings } from '../config/settings';
import { makeProvider, type ProviderSettings, stageOptions } from './make-provider';
import type { SimulatedProviders } from './simulated-providers';
import type { StageProviders } from './stage-providers';

/** The settings that the fallbacks are created from. */
type SettingsWithFallbacks = ProviderSettings & Pick<Settings, 'fallbacks'>;

/** The model that the simulator provides, whichever model is requested from the provider that it replaces. */
const SIMULATED_MODEL: Partial<Record<Stage, string>> = { llm: 'gpt-6-luna' };

/**
 * The fallbacks of the chosen providers. A fallback that cannot work on this machine is left out, and so is the simulator when the stage
 * already runs on the simulator.
 */
export const fallbackProviders = (
  settings: SettingsWithFallbacks,
  demo: SimulatedProviders | undefined,
  chosen: StageProviders,
  providers: readonly Provider[] = PROVIDERS,
) => ({
  stt: behind('stt', settings, chosen, providers, () => simulatedPort('stt', settings, demo)),
  llm: behind('llm', settings, chosen, providers, () => simulatedPort('llm', settings, demo)),
  tts: behind('tts', settings, chosen, providers, () => simulatedVoice(settings, demo)),
});

function behind<S extends Stage>(
  stage: S,
  settings: SettingsWithFallbacks,
  chosen: StageProviders,
  providers: readonly Provider[],
  makeSimulated: () => ProviderPorts[S] | undefined,
): FailoverProvider<ProviderPorts[S]>[] {
  const { simulated } = chosen[stage].port.info;
  const make = (entry: FallbackEntry): ProviderPorts[S] | undefined => {
    if (entry.provider !== SIMULATED.name) return entryPort(stage, settings, entry, providers);
    return simulated ? undefined : makeSimulated();
  };
  return settings.fallbacks[stage].entries.flatMap((entry) => {
    const port = make(entry);
    return port === undefined ? [] : [{ name: entry.name, port }];
  });
}

/** The adapter that an entry names; undefined when it cannot work on this machine. */
function entryPort<S extends Stage>(
  stage: S,
  settings: SettingsWithFallbacks,
  entry: FallbackEntry,
  providers: readonly Provider[],
): ProviderPorts[S] | undefined {
  const provider = providersOf(stage, providers).find(({ name }) => name === entry.provider);
  if (provider === undefined || provider.health?.().available === false) return undefined;
  const values = entryValues(provider, entry, settings.providers, settings.fallbacks[stage].apiKey);
  return makeProvider(provider, values, stageOptions(settings)[stage]);
}

function simulatedPort<S extends Stage>(
  stage: S,
  settings: ProviderSettings,
  demo: SimulatedProviders | undefined,
): ProviderPorts[S] | undefined {
  const provider = demo?.[stage];
  if (provider === undefined || provider.health?.().available === false) return undefined;
  const model = SIMULATED_MODEL[stage];
  const values = { ...valuesOf(provider.variables, {}), ...(model !== undefined && { model }) };
  return makeProvider(provider, values, stageOptions(settings)[stage]);
}

/** A voice that ignores the voice id that a client asked for, because it does not have that voice. */
function simulatedVoice(settings: ProviderSettings, demo: SimulatedProviders | undefined): ProviderPorts['tts'] | undefined {
  const port = simulatedPort('tts', settings, demo);
  return (
    port && {
      info: port.info,
      open: ({ sampleRateHz, language }, signal) => port.open({ sampleRateHz, ...(language !== undefined && { language }) }, signal),
      voices: (signal) => port.voices(signal),
      prepare: () => port.prepare(),
    }
  );
}
