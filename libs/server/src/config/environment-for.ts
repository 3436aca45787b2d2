import { type Provider, type ProviderVariable, variablesOf } from '@parley/providers';
import { IsOptional, Matches } from 'class-validator';
import { IsEndpoint, IsKey, Unwrapped } from './access';
import { Environment } from './environment';
import { FALLBACK_STAGES, fallbackVariable, IsFallbackList } from './fallback-list';

/** The values of the providers' variables, by the name of the variable. */
export type ProviderValues = Readonly<Record<string, string | undefined>>;

/** An environment without mistakes. */
export type CheckedEnvironment = Environment & ProviderValues;

/**
 * The classes that were made, by their list of providers: class-validator never forgets the checks of a class, so each list gets only one
 * class.
 */
const CLASSES = new WeakMap<readonly Provider[], new () => CheckedEnvironment>();

/** The class that checks the product's own variables together with those of these providers, so that all mistakes are reported at once. */
export function environmentFor(providers: readonly Provider[]): new () => CheckedEnvironment {
  const known = CLASSES.get(providers) ?? makeClass(providers);
  CLASSES.set(providers, known);
  return known;
}

function makeClass(providers: readonly Provider[]): new () => CheckedEnvironment {
  const variables = variablesOf(providers);
  class EnvironmentWithProviders extends Environment {
    constructor() {
      super();
      for (const { name, default: value } of variables) if (value !== undefined) Reflect.set(this, name, value);
    }
  }
  for (const variable of variables) decorate(EnvironmentWithProviders, variable.name, [IsOptional(), Unwrapped(), check(variable)]);
  for (const stage of FALLBACK_STAGES) decorate(EnvironmentWithProviders, fallbackVariable(stage), [IsFallbackList(stage, providers)]);
  return EnvironmentWithProviders as new () => CheckedEnvironment;
}

const decorate = ({ prototype }: { prototype: object }, property: string, decorators: readonly PropertyDecorator[]): void => {
  for (const decorator of decorators) decorator(prototype, property);
};

/** The check for a value of the variable. */
function check(variable: ProviderVariable): PropertyDecorator {
  switch (variable.kind) {
    case 'key':
      return IsKey();
    case 'address':
      return IsEndpoint(variable.protocols);
    case 'text':
      return Matches(variable.pattern, variable.message === undefined ? {} : { message: `$property ${variable.message}` });
  }
}
