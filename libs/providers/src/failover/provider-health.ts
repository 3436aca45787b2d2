import type { ProviderError } from '../ports/provider-error';

/** A refused key and a used-up credit are not mended by asking again; somebody may mend them at any time. */
const REFUSED_MS = 60_000;
/** To find out that a provider hangs takes seconds of a listener's patience. */
const HANGS_MS = 15_000;
const LONGEST_MS = 60_000;

/**
 * Which providers are better not asked first for now, so that not every turn pays for finding that out again. One for a server; knows its
 * providers by identity. Nothing is scheduled: a cool-down is over when the clock says so.
 */
export class ProviderHealth {
  readonly #coolUntilMs = new Map<object, number>();

  /** `now`: a monotonic clock in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A provider was given up on, its retry included. */
  gaveUp(provider: object, error: ProviderError): void {
    const forMs = coolDownMs(error);
    if (forMs > 0) this.#coolUntilMs.set(provider, this.now() + forMs);
  }

  /** A provider did its work. */
  worked(provider: object): void {
    this.#coolUntilMs.delete(provider);
  }

  isCooling(provider: object): boolean {
    return this.now() < (this.#coolUntilMs.get(provider) ?? Number.NEGATIVE_INFINITY);
  }

  /** The providers in the order in which to ask them: those that are better left alone come last. */
  inOrder<Provider extends object>(providers: readonly Provider[]): Provider[] {
    const cooling = providers.filter((provider) => this.isCooling(provider));
    return [...providers.filter((provider) => !cooling.includes(provider)), ...cooling];
  }
}

/** For as long as asking would be pointless, or cost a listener seconds. A request that was not understood says nothing about the next one. */
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
