import type { NarrationProvider } from '../ports/narration';
import type { MakeOptions } from './provider-descriptor';
import type { ProviderVariables, VariableValues } from './provider-variable';

/**
 * Everything that the product knows about a provider of narration. Narration is no stage of a conversation and has no fallbacks, and it uses
 * the account of the vendor's voice, so a descriptor names only variables that another one has as well.
 */
export interface NarrationDescriptor<Variables extends ProviderVariables = ProviderVariables> {
  /** Lower case, as in `ProviderInfo.name`. */
  readonly name: string;
  /** The name for people and logs, e.g. `ElevenLabs`. */
  readonly label: string;
  readonly variables: Variables;
  /** Whether enough variables are set to use the provider. */
  isConfigured(values: VariableValues<Variables>): boolean;
  /** Makes the adapter. Called once for a server, and opens no connection. Throws if an address or a key can never work. */
  make(options: MakeOptions<Variables>): NarrationProvider;
}

/** Returns the descriptor unchanged, with the types of the values of its variables. */
export const defineNarration = <const Variables extends ProviderVariables>(
  descriptor: NarrationDescriptor<Variables>,
): NarrationDescriptor<Variables> => descriptor;
