import { ChangeDetectionStrategy, Component, DestroyRef, ElementRef, afterNextRender, inject, input } from '@angular/core';

/** The quietest level the meter shows; the loudest is full scale. */
const FLOOR_DBFS = -60;
/** How much of the bar is left after each painted picture once the sound is gone. */
const FALL_PER_FRAME = 0.9;

/**
 * A level bar that reads its value once per painted picture and writes the style itself: no signal and no change detection per frame.
 * It runs while it is on the page.
 */
@Component({
  selector: 'parley-level-meter',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './level-meter.css',
  template: '<span class="meter-bar"></span>',
  host: {
    class: 'meter',
    role: 'meter',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
    '[attr.aria-label]': 'label()',
  },
})
export class LevelMeter {
  readonly label = input.required<string>();
  /** Gives the level now, in dBFS. */
  readonly read = input.required<() => number>();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private shown = 0;
  private frame = 0;

  constructor() {
    afterNextRender(() => this.paint());
    inject(DestroyRef).onDestroy(() => cancelAnimationFrame(this.frame));
  }

  private paint(): void {
    const level = Math.min(1, Math.max(0, 1 - this.read()() / FLOOR_DBFS));
    this.shown = Math.max(level, this.shown * FALL_PER_FRAME);
    this.host.style.setProperty('--level', this.shown.toFixed(3));
    this.host.setAttribute('aria-valuenow', String(Math.round(this.shown * 100)));
    this.frame = requestAnimationFrame(() => this.paint());
  }
}
