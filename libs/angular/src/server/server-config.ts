import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import type { PublicConfig } from '@parley/protocol';
import { ENDPOINTS } from '../endpoints';
import { fetchConfig } from './fetch-config';

/** Waits before a server that did not say what it offers is asked again. */
export const CONFIG_RETRY_DELAYS_MS: readonly number[] = [1_000, 3_000, 9_000, 27_000];

/**
 * What the server offers, for every page. Asked for when the first page needs it, and again in the background when there is no answer:
 * a few times, and anew with the next `known()`. Nothing of that outlives the application.
 */
@Injectable({ providedIn: 'root' })
export class ServerConfig {
  private readonly configUrl = inject(ENDPOINTS).configUrl;
  private readonly answer = signal<PublicConfig | undefined>(undefined);
  /** Undefined until the server has answered. */
  readonly config = this.answer.asReadonly();
  /** Resolves with the answer, whenever it comes. */
  readonly answered: Promise<PublicConfig>;

  private tell: (config: PublicConfig) => void = () => undefined;
  private readonly leaving = new AbortController();
  /** The latest attempt; resolved between attempts, undefined once they are used up. */
  private attempt: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.answered = new Promise((resolve) => (this.tell = resolve));
    inject(DestroyRef).onDestroy(() => {
      this.leaving.abort();
      clearTimeout(this.timer);
    });
    this.attempt = this.ask(0);
  }

  /** Waits for the attempt under way, at most `limitMs`; not at all while there is none or the answer is there. */
  known(limitMs: number): Promise<void> {
    if (this.answer()) return Promise.resolve();
    const attempt = (this.attempt ??= this.ask(0));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      void attempt.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private async ask(failures: number): Promise<void> {
    const config = await fetchConfig(this.configUrl, this.leaving.signal);
    if (this.leaving.signal.aborted) return;
    if (config) {
      this.answer.set(config);
      this.tell(config);
      return;
    }
    const delayMs = CONFIG_RETRY_DELAYS_MS[failures];
    if (delayMs === undefined) this.attempt = undefined;
    else this.timer = setTimeout(() => (this.attempt = this.ask(failures + 1)), delayMs);
  }
}
