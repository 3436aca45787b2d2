import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { EpisodeState, EpisodeSummary } from '@parley/protocol';
import { DeleteButton } from './delete-button';
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
  imports: [DeleteButton],
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
            <parley-delete-button [what]="episode.title" (confirmed)="deleted.emit(episode.id)" />
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

  protected facts({ state, progress, duration_ms, created_at }: EpisodeSummary): string {
    const done =
      state === 'completed' && duration_ms !== undefined ? clockTime(duration_ms) : `${progress.done} of ${progress.total} segments`;
    return `${STATE_WORDS[state]} · ${done} · ${new Date(created_at).toLocaleDateString()}`;
  }
}
