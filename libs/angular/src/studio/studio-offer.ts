import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { EpisodeApi } from '@parley/client/narration';
import type { NarrationOptions } from '@parley/protocol';
import { StudioNotices } from './studio-notices';

/** Waits before the server is asked again; the last one is repeated. */
export const OFFER_RETRY_DELAYS_MS: readonly number[] = [1_000, 3_000, 9_000];

/** What the server offers the studio: voices, models, limits. Asked for until there is an answer. */
@Injectable()
export class StudioOffer {
  private readonly api = inject(EpisodeApi);
  private readonly notices = inject(StudioNotices);
  private readonly answer = signal<NarrationOptions | undefined>(undefined);
  private readonly leaving = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Undefined until the server has answered. */
  readonly options = this.answer.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.leaving.abort();
      clearTimeout(this.timer);
    });
    void this.ask(0);
  }

  private async ask(failures: number): Promise<void> {
    try {
      this.answer.set(await this.api.options(this.leaving.signal));
      this.notices.dismiss('offer');
    } catch (error) {
      if (this.leaving.signal.aborted) return;
      this.notices.failed('offer', 'The studio’s voices are not known yet.', error);
      const delayMs = OFFER_RETRY_DELAYS_MS[Math.min(failures, OFFER_RETRY_DELAYS_MS.length - 1)];
      this.timer = setTimeout(() => void this.ask(failures + 1), delayMs);
    }
  }
}
