/** The code of a request that is one too many, in the two spellings that the vendor is known to use. */
export type ConcurrencyCode = 'too_many_concurrent_requests' | 'concurrent_limit_exceeded';

/** Counts what the account's concurrency limit counts: HTTP requests, generating text-to-speech contexts and open dialogue sockets. */
export class GenerationCounter {
  #current = 0;
  #refused = 0;

  constructor(private readonly limit: number) {}

  get current(): number {
    return this.#current;
  }

  enter(): void {
    this.#current += 1;
  }

  leave(): void {
    this.#current -= 1;
  }

  /** The code to refuse one more with, or undefined while there is room. The spellings take turns. */
  refuse(): ConcurrencyCode | undefined {
    if (this.#current < this.limit) return undefined;
    this.#refused += 1;
    return this.#refused % 2 === 1 ? 'too_many_concurrent_requests' : 'concurrent_limit_exceeded';
  }
}
