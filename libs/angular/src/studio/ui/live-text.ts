import { ChangeDetectionStrategy, Component, DestroyRef, type ElementRef, afterNextRender, inject, input, viewChild } from '@angular/core';

/** So much of the text before the word that is heard is shown. */
const SHOWN_BEFORE = 400;

/** Text that is spoken live, with the word that is heard marked; read once per painted picture. */
@Component({
  selector: 'parley-live-text',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './live-text.css',
  template: `<p class="live-text" data-testid="live-text"><span #before></span><mark #word></mark><span #after class="to-come"></span></p>`,
})
export class LiveText {
  readonly text = input.required<string>();
  /** Gives the word that is heard now, as its place in the text. */
  readonly read = input.required<() => { from: number; to: number }>();

  private readonly before = viewChild.required<ElementRef<HTMLElement>>('before');
  private readonly word = viewChild.required<ElementRef<HTMLElement>>('word');
  private readonly after = viewChild.required<ElementRef<HTMLElement>>('after');
  private shown = '';
  private frame = 0;

  constructor() {
    afterNextRender(() => this.follow());
    inject(DestroyRef).onDestroy(() => cancelAnimationFrame(this.frame));
  }

  private follow(): void {
    this.frame = requestAnimationFrame(() => this.follow());
    const text = this.text();
    const { from, to } = this.read()();
    const look = `${from} ${to} ${text.length}`;
    if (look === this.shown) return;
    this.shown = look;
    const start = Math.max(0, from - SHOWN_BEFORE);
    this.before().nativeElement.textContent = (start > 0 ? '… ' : '') + text.slice(start, from);
    this.word().nativeElement.textContent = text.slice(from, to);
    this.after().nativeElement.textContent = text.slice(to, to + SHOWN_BEFORE);
  }
}
