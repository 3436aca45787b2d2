/** What may be the value of a variable: a key, the address of a server, or text of a certain form. */
export type VariableSyntax =
  /** One line of printable ASCII. Never logged, never shown. */
  | { readonly kind: 'key' }
  /** Absolute, without user, password, query and fragment. */
  | { readonly kind: 'address'; readonly protocols: readonly string[] }
  /** `message`: what is said, behind the variable's name, of a value that does not match. */
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly message?: string };

/** An environment variable that a provider is configured with. */
export type ProviderVariable = VariableSyntax & {
  /** In the environment, e.g. `SARVAM_API_KEY`. Providers of the same vendor may share a variable. */
  readonly name: string;
  /** For whoever runs the server: what it is for, in plain sentences. */
  readonly doc: string;
  /** Its value where it is not set. A variable without one is needed, unless it is an address. */
  readonly default?: string;
  /** A value that could be set. */
  readonly example?: string;
};

/**
 * The variables of a provider, by the name that its code has for them. Three of them mean the same for every provider: `apiKey` and `baseUrl`
 * are replaced for an entry of a fallback list that names an address, and `model` for one that names a model.
 */
export type ProviderVariables = Readonly<Record<string, ProviderVariable>> & {
  readonly apiKey?: ProviderVariable & { readonly kind: 'key' };
  readonly baseUrl?: ProviderVariable & { readonly kind: 'address' };
  readonly model?: ProviderVariable;
};

/** The values of a provider's variables. One with a default always has a value. */
export type VariableValues<Variables extends ProviderVariables = ProviderVariables> = {
  readonly [Key in keyof Variables]: Variables[Key] extends { readonly default: string } ? string : string | undefined;
};

/** The values of a provider's variables, taken from an environment that has been checked: values by the variables' names. */
export function valuesOf<Variables extends ProviderVariables>(
  variables: Variables,
  environment: Readonly<Record<string, string | undefined>>,
): VariableValues<Variables> {
  const entries = Object.entries(variables).map(([key, { name, default: fallback }]) => [key, environment[name] ?? fallback]);
  return Object.fromEntries(entries) as VariableValues<Variables>;
}
