import { DestroyRef, Injectable, effect, inject, signal, untracked } from '@angular/core';
import { EpisodeApi } from '@parley/client/narration';
import type { EpisodeSummary, Show, ShowDetails } from '@parley/protocol';
import { OpenEpisode } from './open-episode';
import { StudioNotices } from './studio-notices';

/** All episodes and shows of the server. */
@Injectable()
export class StudioLibrary {
  private readonly api = inject(EpisodeApi);
  private readonly notices = inject(StudioNotices);
  private readonly open = inject(OpenEpisode);
  private readonly leaving = new AbortController();
  readonly episodes = signal<readonly EpisodeSummary[]>([]);
  readonly shows = signal<readonly Show[]>([]);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.leaving.abort());
    effect(() => {
      this.open.changes();
      untracked(() => void this.load());
    });
  }

  async load(): Promise<void> {
    const { signal } = this.leaving;
    await this.notices.attempt('library', 'The library cannot be shown.', async () => {
      const [episodes, shows] = await Promise.all([this.api.list(signal), this.api.shows(signal)]);
      this.episodes.set(episodes);
      this.shows.set(shows);
    });
  }

  async deleteEpisode(id: string): Promise<void> {
    if (this.open.episode()?.id === id) this.open.close();
    await this.change('The episode cannot be deleted.', () => this.api.delete(id));
  }

  /** Whether the show was added. */
  addShow(show: ShowDetails): Promise<boolean> {
    return this.change('The show cannot be added.', () => this.api.createShow(show));
  }

  async deleteShow(id: string): Promise<void> {
    await this.change('The show cannot be deleted.', () => this.api.deleteShow(id));
  }

  /** Where podcast apps subscribe to a show: absolute, as they need it. */
  feedUrl(showId: string): string {
    return new URL(this.api.feedUrl(showId), document.baseURI).href;
  }

  private async change(what: string, request: () => Promise<unknown>): Promise<boolean> {
    const done = await this.notices.attempt('library-change', what, request);
    await this.load();
    return done;
  }
}
