import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
} from '@angular/core';
import { type Caption, countUpTo } from '@parley/client/narration';
import { clockTime } from './times';

/** What is said, with the word that is heard marked. Each caption is a button that goes to its place; a click on a word goes to the word. */
@Component({
  selector: 'parley-caption-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './caption-list.css',
  template: `
    @for (caption of captions(); track $index) {
      <button type="button" class="caption" [attr.aria-label]="label(caption)" (click)="chosen($event, caption)">
        @if (caption.speaker && caption.speaker !== captions()[$index - 1]?.speaker) {
          <span class="speaker">{{ caption.speaker }}</span>
        }
        @for (word of caption.words; track $index) {
          <span>{{ word.isApart ? ' ' : '' }}</span>
          <span class="word" [attr.data-at]="word.startMs">{{ word.text }}</span>
        }
      </button>
    }
  `,
  host: { class: 'captions', role: 'group', 'aria-label': 'Captions', 'data-testid': 'captions' },
})
export class CaptionList {
  readonly captions = input.required<readonly Caption[]>();
  /** Gives the place that is heard now, in ms. */
  readonly read = input.required<() => number>();
  /** A place in ms. */
  readonly sought = output<number>();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly starts = computed(() => this.captions().map(({ startMs }) => startMs));
  private marked: Element | undefined;
  private frame = 0;

  constructor() {
    afterNextRender(() => this.follow());
    inject(DestroyRef).onDestroy(() => cancelAnimationFrame(this.frame));
  }

  protected label({ speaker, startMs, words }: Caption): string {
    const text = words.map((word) => (word.isApart ? ` ${word.text}` : word.text)).join('');
    return `${clockTime(startMs)}${speaker ? `, ${speaker}` : ''}: ${text}`;
  }

  protected chosen(event: Event, caption: Caption): void {
    const word = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.word')?.dataset['at'] : undefined;
    this.sought.emit(word === undefined ? caption.startMs : Number(word));
  }

  private follow(): void {
    this.frame = requestAnimationFrame(() => this.follow());
    const word = this.wordAt(this.read()());
    if (word === this.marked) return;
    this.marked?.classList.remove('heard');
    this.marked = word;
    if (!word) return;
    word.classList.add('heard');
    this.show(word);
  }

  private wordAt(placeMs: number): Element | undefined {
    if (placeMs <= 0) return undefined;
    const index = countUpTo(this.starts(), placeMs) - 1;
    const caption = this.captions()[index];
    if (!caption || placeMs > caption.endMs) return undefined;
    const word = countUpTo(
      caption.words.map(({ startMs }) => startMs),
      placeMs,
    );
    return this.host.children[index]?.getElementsByClassName('word')[word - 1];
  }

  /** Scrolls the list, never the page. */
  private show(word: Element): void {
    const [list, place] = [this.host.getBoundingClientRect(), word.getBoundingClientRect()];
    if (place.top < list.top || place.bottom > list.bottom) this.host.scrollTop += place.top - list.top - list.height / 3;
  }
}
