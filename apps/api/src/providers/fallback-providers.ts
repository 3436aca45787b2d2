import type { Stage } from '@parley/conversation';
import { type FailoverProvider, type Provider, type ProviderPorts, PROVIDERS, providersOf, valuesOf } from '@parley/providers';
import { entryValues, type FallbackEntry, SIMULATED } from '../config/fallback-list';
import type { Settings } from '../config/settings';
import { makeProvider, stageOptions } from './make-provider';
import type { SimulatedProviders } from './simulated-providers';
import type { Vendors } from './vendors';

/** What the simulator has, whatever the vendor that it stands in for is asked for. */
const SIMULATED_MODEL: Partial<Record<Stage, string>> = { llm: 'gpt-6-luna' };

/**
 * The providers that stand behind those chosen. A simulated one is left out where the simulator does not run, lacks what it needs, or is
 * what stands before it.
 */
export const fallbackProviders = (
  settings: Settings,
  demo: SimulatedProviders | undefined,
  chosen: Vendors,
  providers: readonly Provider[] = PROVIDERS,
) => ({
  stt: behind('stt', settings, chosen, (entry) => entryPort('stt', settings, entry, providers) ?? simulatedPort('stt', settings, demo)),
  llm: behind('llm', settings, chosen, (entry) => entryPort('llm', settings, entry, providers) ?? simulatedPort('llm', settings, demo)),
  tts: behind('tts', settings, chosen, (entry) => entryPort('tts', settings, entry, providers) ?? simulatedVoice(settings, demo)),
});

function behind<S extends Stage>(
  stage: S,
  settings: Settings,
  chosen: Vendors,
  make: (entry: FallbackEntry) => ProviderPorts[S] | undefined,
): FailoverProvider<ProviderPorts[S]>[] {
  const { simulated } = chosen[stage].port.info;
  return settings.fallbacks[stage].entries.flatMap((entry) => {
    const port = simulated && entry.provider === SIMULATED.name ? undefined : make(entry);
    return port === undefined ? [] : [{ name: entry.name, port }];
  });
}

/** The adapter that an entry names; undefined where that is the simulator. */
function entryPort<S extends Stage>(
  stage: S,
  settings: Settings,
  entry: FallbackEntry,
  providers: readonly Provider[],
): ProviderPorts[S] | undefined {
  const provider = providersOf(stage, providers).find(({ name }) => name === entry.provider);
  if (provider === undefined) return undefined;
  const values = entryValues(provider, entry, settings.providers, settings.fallbacks[stage].apiKey);
  return makeProvider(provider, values, stageOptions(settings)[stage]);
}

function simulatedPort<S extends Stage>(stage: S, settings: Settings, demo: SimulatedProviders | undefined): ProviderPorts[S] | undefined {
  const provider = demo?.[stage];
  if (provider === undefined || provider.health?.().available === false) return undefined;
  const model = SIMULATED_MODEL[stage];
  const values = { ...valuesOf(provider.variables, {}), ...(model !== undefined && { model }) };
  return makeProvider(provider, values, stageOptions(settings)[stage]);
}

/** A voice that cannot take on the one that a client asked for. */
function simulatedVoice(settings: Settings, demo: SimulatedProviders | undefined): ProviderPorts['tts'] | undefined {
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
