import { Injectable, signal } from '@angular/core';
import { EpisodeApiError } from '@parley/client/narration';
import type { Notice } from '../ui/notice-list';

/** The messages of the studio to its visitor; one of a kind at a time. */
@Injectable()
export class StudioNotices {
  private readonly list = signal<readonly Notice[]>([]);
  readonly notices = this.list.asReadonly();

  notify(notice: Notice): void {
    this.list.update((notices) => [...notices.filter(({ kind }) => kind !== notice.kind), notice]);
  }

  dismiss(kind: string): void {
    this.list.update((notices) => notices.filter((notice) => notice.kind !== kind));
  }

  /** A request was refused or not answered; what was given up by the page itself is not worth a message. */
  failed(kind: string, what: string, error: unknown): void {
    if (error instanceof EpisodeApiError) this.notify({ kind, tone: 'error', text: `${what} ${error.message}` });
    else if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  }

  /** Does a request, and says when it fails. Whether it succeeded. */
  async attempt(kind: string, what: string, request: () => Promise<unknown>): Promise<boolean> {
    try {
      await request();
      this.dismiss(kind);
      return true;
    } catch (error) {
      this.failed(kind, what, error);
      return false;
    }
  }
}
