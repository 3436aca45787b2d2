import { ELEVENLABS_AGENTS_PROVIDER } from '../elevenlabs-agents/provider';
import { ELEVENLABS_HTTP_PROVIDER, ELEVENLABS_PROVIDER } from '../elevenlabs/provider';
import { OPENAI_PROVIDER } from '../openai/provider';
import { SARVAM_LEGACY_PROVIDER, SARVAM_PROVIDER } from '../sarvam/provider';
import type { Provider, ProviderDescriptor, ProviderStage } from './provider-descriptor';
import type { ProviderVariable } from './provider-variable';

/** All providers. The first configured provider of a stage does the work of the stage; the others can be its fallbacks. */
export const PROVIDERS: readonly Provider[] = [
  SARVAM_PROVIDER,
  SARVAM_LEGACY_PROVIDER,
  OPENAI_PROVIDER,
  ELEVENLABS_PROVIDER,
  ELEVENLABS_HTTP_PROVIDER,
  ELEVENLABS_AGENTS_PROVIDER,
];

/** Returns the providers of one stage in their order. */
export function providersOf<Stage extends ProviderStage>(
  stage: Stage,
  providers: readonly Provider[] = PROVIDERS,
): ProviderDescriptor<Stage>[] {
  const ofStage: readonly unknown[] = providers.filter((provider) => provider.stage === stage);
  // The stage determines the type, but the compiler cannot infer that for a generic stage.
  return ofStage as ProviderDescriptor<Stage>[];
}

/** Returns the variables of these providers in their order, each of them once. */
export const variablesOf = (providers: readonly Provider[]): ProviderVariable[] => [
  ...new Map(providers.flatMap(({ variables }) => Object.values(variables)).map((variable) => [variable.name, variable])).values(),
];

/** Returns the variables that must be set to use a provider: its key and all others that are required. */
export const neededVariables = ({ variables }: Pick<Provider, 'variables'>): ProviderVariable[] =>
  Object.values(variables).filter(({ kind, default: value }) => kind !== 'address' && value === undefined);

/** Returns what must be set so that a provider can do the work of a stage, e.g. `SARVAM_API_KEY`, or `A_KEY and A_ID or B_KEY`. */
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
