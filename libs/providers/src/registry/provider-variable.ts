/** The kinds of values of a variable: a key, the address of a server, or text of a certain form. */
export type VariableSyntax =
  /** One line of printable ASCII, which is never logged and never shown. */
  | { readonly kind: 'key' }
  /** An absolute URL without user, password, query and fragment. */
  | { readonly kind: 'address'; readonly protocols: readonly string[] }
  /** Text that matches a pattern. `message` is the text of the error, after the name of the variable, for a value that does not match. */
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly message?: string };

/** An environment variable that configures a provider. */
export type ProviderVariable = VariableSyntax & {
  /** The name in the environment, e.g. `SARVAM_API_KEY`. Providers of the same vendor may share a variable. */
  readonly name: string;
  /** The purpose of the variable in complete sentences, for people who run the server. */
  readonly doc: string;
  /** The value if the variable is not set. A variable without a default is required, unless it is an address. */
  readonly default?: string;
  /** An example of a valid value. */
  readonly example?: string;
};

/**
 * The variables of a provider, by the names that its code uses. Three of them mean the same for every provider: `apiKey` and `baseUrl` are
 * replaced for an entry of a fallback list that contains an address, and `model` for an entry that contains a model.
 */
export type ProviderVariables = Readonly<Record<string, ProviderVariable>> & {
  readonly apiKey?: ProviderVariable & { readonly kind: 'key' };
  readonly baseUrl?: ProviderVariable & { readonly kind: 'address' };
  readonly model?: ProviderVariable;
};

/** The values of the variables of a provider. A variable with a default always has a value. */
export type VariableValues<Variables extends ProviderVariables = ProviderVariables> = {
  readonly [Key in keyof Variables]: Variables[Key] extends { readonly default: string } ? string : string | undefined;
};

/** Reads the values of the variables of a provider from a validated environment, which maps the names of variables to values. */
export function valuesOf<Variables extends ProviderVariables>(
  variables: Variables,
  environment: Readonly<Record<string, string | undefined>>,
): VariableValues<Variables> {
  const entries = Object.entries(variables).map(([key, { name, default: fallback }]) => [key, environment[name] ?? fallback]);
  return Object.fromEntries(entries) as VariableValues<Variables>;
}
