import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { Show, ShowDetails } from '@parley/protocol';
import { DeleteButton } from './delete-button';

/** All shows with their feeds, and a form for another one. */
@Component({
  selector: 'parley-show-library',
  imports: [DeleteButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrls: ['../../ui/fold.css', './library.css'],
  template: `
    <ul data-testid="shows">
      @for (show of shows(); track show.id) {
        <li [attr.data-show]="show.id">
          <div class="entry">
            <span class="title">{{ show.title }}</span>
            <span class="facts">{{ show.episodes === 1 ? '1 episode' : show.episodes + ' episodes' }} · {{ show.author }}</span>
          </div>
          <div class="actions">
            <a class="button small" [href]="feedUrl()(show.id)" [attr.aria-label]="'Feed of ' + show.title">Feed</a>
            <parley-delete-button [what]="show.title" (confirmed)="deleted.emit(show.id)" />
          </div>
        </li>
      } @empty {
        <li class="none">There is no show yet. Podcast apps subscribe to the feed of a show.</li>
      }
    </ul>
    <details class="fold" #form>
      <summary>Add a show</summary>
      <form (submit)="add($event, form, title, author, description, language)">
        <label>Title <input #title type="text" required maxlength="200" data-testid="show-title" /></label>
        <label>Author <input #author type="text" required maxlength="200" /></label>
        <label>Description <input #description type="text" required maxlength="1000" /></label>
        <label>Language <input #language type="text" required value="en" pattern="[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*" /></label>
        <button type="submit" class="button" data-testid="add-show">Add the show</button>
      </form>
    </details>
  `,
})
export class ShowLibrary {
  readonly shows = input.required<readonly Show[]>();
  /** The address of a show's feed, by its id. */
  readonly feedUrl = input.required<(showId: string) => string>();
  readonly added = output<ShowDetails>();
  /** Id of a show; was asked about before. */
  readonly deleted = output<string>();

  protected add(
    event: Event,
    form: HTMLDetailsElement,
    title: HTMLInputElement,
    author: HTMLInputElement,
    description: HTMLInputElement,
    language: HTMLInputElement,
  ): void {
    event.preventDefault();
    const value = ({ value: text }: HTMLInputElement): string => text.trim();
    this.added.emit({ title: value(title), author: value(author), description: value(description), language: value(language) });
    for (const box of [title, author, description]) box.value = '';
    form.open = false;
  }
}
