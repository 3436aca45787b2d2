import { LEASE_MS, RENEW_MS } from '../store';

/** A lease lasts this much longer than the time between two renewals, less what a busy machine may take. */
const TRUSTED_GAP_MS = LEASE_MS - RENEW_MS - 200;
/**
 * Time for the workers to reach the store again and to renew their leases: a renewal that was under way when the store came back may take a
 * second to fail, the next one comes half a second later, and a worker does not notice that it was stopped for up to a second between them.
 */
export const GRACE_MS = 3_000;

/**
 * Whether leases that have ended say anything about their assistants. After a time in which the store did not answer (or this process did not
 * run), all of them have ended, because nobody could renew them.
 */
export class StoreTrust {
  #answeredAtMs: number | undefined;
  #sinceMs = Infinity;

  answered(atMs: number): void {
    const isLate = this.#answeredAtMs === undefined || atMs - this.#answeredAtMs > TRUSTED_GAP_MS;
    if (isLate) this.#sinceMs = atMs + GRACE_MS;
    this.#answeredAtMs = atMs;
  }

  failed(): void {
    this.#answeredAtMs = undefined;
    this.#sinceMs = Infinity;
  }

  isTrusted(atMs: number): boolean {
    return atMs >= this.#sinceMs;
  }
}
