import type { ProviderError } from '../ports/provider-error';

/** Cool-down after a refused key or used-up credit. A retry does not help, but somebody may correct the cause at any time. */
const REFUSED_MS = 60_000;
/** Cool-down after a timeout, because finding out that a provider does not answer costs a listener seconds. */
const HANGS_MS = 15_000;
const LONGEST_MS = 60_000;

/**
 * Knows which providers should not be asked first at the moment, so that not every turn has to find that out again. There is one instance
 * for each server. Providers are compared by identity. There are no timers: a cool-down ends when the clock has passed its end.
 */
export class ProviderHealth {
  readonly #coolUntilMs = new Map<object, number>();

  /** `now` is a monotonic clock in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Records that a provider was given up, after its retry. */
  gaveUp(provider: object, error: ProviderError): void {
    const forMs = coolDownMs(error);
    if (forMs > 0) this.#coolUntilMs.set(provider, this.now() + forMs);
  }

  /** Records that a provider did its work. */
  worked(provider: object): void {
    this.#coolUntilMs.delete(provider);
  }

  isCooling(provider: object): boolean {
    return this.now() < (this.#coolUntilMs.get(provider) ?? Number.NEGATIVE_INFINITY);
  }

  /** Returns the providers in the order in which they should be asked. Those that are cooling down come last. */
  inOrder<Provider extends object>(providers: readonly Provider[]): Provider[] {
    const cooling = providers.filter((provider) => this.isCooling(provider));
    return [...providers.filter((provider) => !cooling.includes(provider)), ...cooling];
  }
}

/**
 * Returns the time in milliseconds for which asking would be pointless or would cost a listener seconds. A refused request says nothing
 * about the next one, so it causes no cool-down.
 */
function coolDownMs({ code, retryAfterMs = 0 }: ProviderError): number {
  switch (code) {
    case 'auth':
    case 'quota':
      return REFUSED_MS;
    case 'rate_limited':
      return Math.min(retryAfterMs, LONGEST_MS);
    case 'timeout':
      return HANGS_MS;
    case 'invalid_request':
    case 'model_not_found':
    case 'unavailable':
    case 'connection_lost':
    case 'bad_response':
      return 0;
  }
}
