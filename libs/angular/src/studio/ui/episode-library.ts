import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import type { EpisodeState, EpisodeSummary } from '@parley/protocol';
import { clockTime } from './times';

const STATE_WORDS: Record<EpisodeState, string> = {
  queued: 'waiting',
  rendering: 'being spoken',
  assembling: 'being put together',
  completed: 'finished',
  failed: 'failed',
  cancelled: 'stopped',
};

/** All episodes, to be opened or deleted. */
@Component({
  selector: 'parley-episode-library',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './library.css',
  template: `
    <ul data-testid="episodes">
      @for (episode of episodes(); track episode.id) {
        <li [attr.data-episode]="episode.id">
          <div class="entry">
            <span class="title">{{ episode.title }}</span>
            <span class="facts">{{ facts(episode) }}</span>
          </div>
          <div class="actions">
            <button
              type="button"
              class="button small"
              [attr.aria-current]="episode.id === openId()"
              [attr.aria-label]="'Open ' + episode.title"
              (click)="opened.emit(episode.id)"
            >
              Open
            </button>
            <button
              type="button"
              class="button small danger"
              [attr.aria-label]="(asked() === episode.id ? 'Really delete ' : 'Delete ') + episode.title"
              (click)="remove(episode.id)"
              (blur)="asked.set(undefined)"
            >
              {{ asked() === episode.id ? 'Really?' : 'Delete' }}
            </button>
          </div>
        </li>
      } @empty {
        <li class="none">No episode was made yet.</li>
      }
    </ul>
  `,
})
export class EpisodeLibrary {
  readonly episodes = input.required<readonly EpisodeSummary[]>();
  readonly openId = input<string | undefined>(undefined);
  /** Id of an episode. */
  readonly opened = output<string>();
  /** Id of an episode; was asked about before. */
  readonly deleted = output<string>();
  protected readonly asked = signal<string | undefined>(undefined);

  protected facts({ state, progress, duration_ms, created_at }: EpisodeSummary): string {
    const done =
      state === 'completed' && duration_ms !== undefined ? clockTime(duration_ms) : `${progress.done} of ${progress.total} segments`;
    return `${STATE_WORDS[state]} · ${done} · ${new Date(created_at).toLocaleDateString()}`;
  }

  protected remove(id: string): void {
    if (this.asked() !== id) {
      this.asked.set(id);
      return;
    }
    this.asked.set(undefined);
    this.deleted.emit(id);
  }
}
