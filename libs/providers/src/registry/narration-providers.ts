import { ELEVENLABS_NARRATION } from '../elevenlabs/narration/provider';
import type { NarrationProvider } from '../ports/narration';
import type { ProviderLogger } from '../ports/provider-logger';
import type { NarrationDescriptor } from './narration-descriptor';
import { NO_KEY } from './no-key';
import { valuesOf } from './provider-variable';

/** All providers of narration. The first configured one is used. */
export const NARRATION_PROVIDERS: readonly NarrationDescriptor[] = [ELEVENLABS_NARRATION];

/**
 * Makes the first provider of narration that is configured in a validated environment, or returns undefined if none is. `loggerOf` returns
 * the logger for the label of the provider.
 */
export function configuredNarration(
  environment: Readonly<Record<string, string | undefined>>,
  loggerOf: (label: string) => ProviderLogger,
  providers: readonly NarrationDescriptor[] = NARRATION_PROVIDERS,
): NarrationProvider | undefined {
  for (const provider of providers) {
    const values = valuesOf(provider.variables, environment);
    if (provider.isConfigured(values)) return provider.make({ values, simulated: false, logger: loggerOf(provider.label) });
  }
  return undefined;
}

/** Makes narration with the built-in simulator, which speaks ElevenLabs' protocol at the address `baseUrl` and accepts any key. */
export function simulatedNarration(baseUrl: string, loggerOf: (label: string) => ProviderLogger): NarrationProvider {
  const { label, make } = ELEVENLABS_NARRATION;
  return make({ values: { apiKey: NO_KEY, baseUrl }, simulated: true, logger: loggerOf(label) });
}
