import { type Provider, PROVIDERS } from '@parley/providers';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type CheckedEnvironment, environmentFor } from './environment-for';

/** Treats empty variables as not set, because templates of `.env` leave variables empty. */
const emptyIsUnset = (raw: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(raw).filter(([, value]) => typeof value !== 'string' || value.trim() !== ''));

/** Lists all mistakes in an environment. Each names its variable, but never the value, which may be a key. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  constructor(readonly mistakes: readonly string[]) {
    super(`The environment is not usable:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}

/** Checks the variables of the product and of these providers. Throws `EnvironmentError`. */
export function parseEnvironment(raw: Record<string, unknown>, providers: readonly Provider[] = PROVIDERS): CheckedEnvironment {
  const environment = plainToInstance(environmentFor(providers), emptyIsUnset(raw), { exposeDefaultValues: true });
  const mistakes = validateSync(environment).flatMap((error) => Object.values(error.constraints ?? {}));
  if (mistakes.length > 0) throw new EnvironmentError(mistakes);
  return environment;
}
