import { ELEVENLABS_AGENTS_PROVIDER } from '../elevenlabs-agents/provider';
import { ELEVENLABS_HTTP_PROVIDER, ELEVENLABS_PROVIDER } from '../elevenlabs/provider';
import { OPENAI_PROVIDER } from '../openai/provider';
import { SARVAM_LEGACY_PROVIDER, SARVAM_PROVIDER } from '../sarvam/provider';
import type { Provider, ProviderDescriptor, ProviderStage } from './provider-descriptor';
import type { ProviderVariable } from './provider-variable';

/** Every provider there is. Of those of a stage that are configured, the first one is the stage's own; the others may be its fallbacks. */
export const PROVIDERS: readonly Provider[] = [
  SARVAM_PROVIDER,
  SARVAM_LEGACY_PROVIDER,
  OPENAI_PROVIDER,
  ELEVENLABS_PROVIDER,
  ELEVENLABS_HTTP_PROVIDER,
  ELEVENLABS_AGENTS_PROVIDER,
];

/** The providers of one stage, in their order. */
export function providersOf<Stage extends ProviderStage>(
  stage: Stage,
  providers: readonly Provider[] = PROVIDERS,
): ProviderDescriptor<Stage>[] {
  const ofStage: readonly unknown[] = providers.filter((provider) => provider.stage === stage);
  // The stage tells the type, which the compiler cannot follow for a stage that is not known yet.
  return ofStage as ProviderDescriptor<Stage>[];
}

/** The variables of these providers, each once, in their order. */
export const variablesOf = (providers: readonly Provider[]): ProviderVariable[] => [
  ...new Map(providers.flatMap(({ variables }) => Object.values(variables)).map((variable) => [variable.name, variable])).values(),
];

/** The variables that a provider is switched on with: its key, and what else it cannot do without. */
export const neededVariables = ({ variables }: Pick<Provider, 'variables'>): ProviderVariable[] =>
  Object.values(variables).filter(({ kind, default: value }) => kind !== 'address' && value === undefined);

/** What to set to have a stage done by a provider, e.g. `SARVAM_API_KEY`, or `A_KEY and A_ID or B_KEY`. */
export const howToConfigure = (stage: ProviderStage, providers: readonly Provider[] = PROVIDERS): string =>
  [
    ...new Set(
      providersOf(stage, providers).map((provider) =>
        neededVariables(provider)
          .map(({ name }) => name)
          .join(' and '),
      ),
    ),
  ].join(' or ');
