import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { EpisodeApi, EpisodeApiError, EpisodeEvents } from '@parley/client/narration';
import type { CreateEpisode, EditSegment, Episode, EpisodeEvent, EpisodeState, ScriptProblem } from '@parley/protocol';
import { EpisodeSound } from './episode-sound';
import { StudioNotices } from './studio-notices';

const IN_WORK: readonly EpisodeState[] = ['queued', 'rendering', 'assembling'];
const FAILED = 'The episode was not finished.';

/** The episode that is on the page: what is done with it, and what happens to it. */
@Injectable()
export class OpenEpisode {
  private readonly api = inject(EpisodeApi);
  private readonly notices = inject(StudioNotices);
  private readonly sound = inject(EpisodeSound);
  private readonly current = signal<Episode | undefined>(undefined);
  private events: EpisodeEvents | undefined;
  /** The version whose finished sound is loaded. */
  private loaded: string | undefined;

  readonly episode = this.current.asReadonly();
  /** A request to make it has been sent and not answered. */
  readonly isStarting = signal(false);
  readonly isConnected = signal(true);
  /** Mistakes that only the server found. */
  readonly problems = signal<readonly ScriptProblem[]>([]);
  readonly isInWork = computed(() => IN_WORK.some((state) => state === this.current()?.state));
  /** Rises whenever the list of episodes is not what it was. */
  readonly changes = signal(0);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.close());
  }

  /** Makes an episode, and plays it as it is made. Must be called from a click. */
  async make(draft: CreateEpisode): Promise<void> {
    if (this.isStarting()) return;
    this.isStarting.set(true);
    this.problems.set([]);
    this.sound.prepare();
    try {
      const episode = await this.api.create(draft);
      this.notices.dismiss('make');
      this.show(episode, true);
    } catch (error) {
      if (error instanceof EpisodeApiError) this.problems.set(error.problems);
      this.notices.failed('make', 'The episode cannot be made.', error);
    } finally {
      this.isStarting.set(false);
      this.changed();
    }
  }

  /** Opens an episode of the library. */
  async open(id: string): Promise<void> {
    await this.notices.attempt('open', 'The episode cannot be opened.', async () => this.show(await this.api.episode(id), false));
  }

  /** Stops the rendering. */
  async cancel(): Promise<void> {
    await this.act('It cannot be stopped now.', (id) => this.api.cancel(id));
  }

  /** Goes on with a rendering that was stopped or has failed. */
  async resume(): Promise<void> {
    await this.act('It cannot go on now.', (id) => this.api.resume(id));
  }

  /** Gives one segment another text or voice, and renders it again. */
  async edit(segmentId: string, change: EditSegment): Promise<void> {
    await this.act('The segment cannot be changed now.', (id) => this.api.edit(id, segmentId, change));
  }

  /** Takes the episode from the page; it goes on being made. */
  close(): void {
    this.events?.close();
    this.events = undefined;
    this.current.set(undefined);
    this.loaded = undefined;
    this.sound.clear();
    for (const kind of ['episode', 'episode-state']) this.notices.dismiss(kind);
  }

  private show(episode: Episode, plays: boolean): void {
    this.close();
    this.current.set(episode);
    if (IN_WORK.includes(episode.state)) this.sound.follow(episode.id, plays);
    this.events = new EpisodeEvents(this.api.eventsUrl(episode.id), {
      onEvent: (event) => this.received(event),
      onConnected: (connected) => this.isConnected.set(connected),
    });
    this.settled(episode);
  }

  private async act(what: string, request: (id: string) => Promise<void>): Promise<void> {
    const id = this.current()?.id;
    if (id !== undefined) await this.notices.attempt('episode', what, () => request(id));
  }

  private received(event: EpisodeEvent): void {
    const episode = this.current();
    if (!episode) return;
    switch (event.type) {
      case 'episode':
        this.current.set(event.episode);
        this.settled(event.episode);
        break;
      case 'segment': {
        const segments = episode.segments.map((segment) => (segment.id === event.segment.id ? event.segment : segment));
        this.current.set({ ...episode, segments, progress: event.progress });
        break;
      }
      case 'state':
        this.current.set({ ...episode, state: event.state, error: event.error, output: event.output ?? episode.output });
        this.changed();
        void this.refresh(episode.id);
        break;
    }
  }

  /** Times of segments and chapters are known only when the episode was put together. */
  private async refresh(id: string): Promise<void> {
    await this.notices.attempt('episode', FAILED, async () => {
      const episode = await this.api.episode(id);
      if (this.current()?.id !== id) return;
      this.current.set(episode);
      this.settled(episode);
    });
  }

  private settled(episode: Episode): void {
    this.notices.dismiss('episode-state');
    if (episode.state === 'failed')
      this.notices.notify({ kind: 'episode-state', tone: 'error', text: `${FAILED} ${episode.error ?? ''}`.trim() });
    if (episode.state !== 'completed') return;
    const version = `${episode.id} ${episode.version}`;
    if (this.loaded === version) return;
    this.loaded = version;
    this.sound.finish(episode.id);
  }

  private changed(): void {
    this.changes.update((changes) => changes + 1);
  }
}
