import { ChangeDetectionStrategy, Component, DestroyRef, afterNextRender, computed, inject, input, signal } from '@angular/core';

const SECOND_MS = 1_000;

/** The time left, in minutes and seconds; runs while it is on the page. Screen readers may ask for it, and are not told every second. */
@Component({
  selector: 'parley-countdown',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './countdown.css',
  template: '{{ words() }}',
  host: { class: 'countdown', role: 'timer', 'aria-live': 'off' },
})
export class Countdown {
  /** The end, on the clock of `performance.now()`. */
  readonly untilMs = input.required<number>();

  private readonly nowMs = signal(performance.now());
  protected readonly words = computed(() => {
    const seconds = Math.max(0, Math.ceil((this.untilMs() - this.nowMs()) / SECOND_MS));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  });
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    afterNextRender(() => (this.timer = setInterval(() => this.nowMs.set(performance.now()), SECOND_MS / 4)));
    inject(DestroyRef).onDestroy(() => clearInterval(this.timer));
  }
}
