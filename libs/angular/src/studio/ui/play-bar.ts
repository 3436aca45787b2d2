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
  viewChild,
} from '@angular/core';
import type { Peaks, PlayerState } from '@parley/client/narration';
import { clockTime } from './times';
import { drawWaveform } from './waveform';

/** One jump back or on. */
export const SKIP_MS = 5_000;

const STEPS_MS: Readonly<Record<string, number>> = { ArrowLeft: -SKIP_MS, ArrowDown: -SKIP_MS, ArrowRight: SKIP_MS, ArrowUp: SKIP_MS };

/** Play, pause, and the place in the sound: its shape with a slider over it. Reads the place once per painted picture. */
@Component({
  selector: 'parley-play-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './play-bar.css',
  template: `
    <div class="play-bar" role="group" aria-label="Player">
      <button
        type="button"
        class="button primary play"
        data-testid="play"
        (click)="toggled.emit()"
        [attr.aria-label]="runs() ? 'Pause' : 'Play'"
      >
        <svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="runs() ? 'M7 5v14M17 5v14' : 'M8 5l11 7-11 7Z'" /></svg>
      </button>
      <button type="button" class="button small" aria-label="Back 5 seconds" (click)="skipped.emit(-skipMs)">−5 s</button>
      <button type="button" class="button small" aria-label="On 5 seconds" (click)="skipped.emit(skipMs)">+5 s</button>
      <p class="play-times" data-testid="play-time"><span #now>0:00</span> / {{ total() }}</p>
      <div class="wave">
        <canvas #canvas aria-hidden="true"></canvas>
        <input
          #slider
          type="range"
          min="0"
          step="0.1"
          data-testid="seek"
          aria-label="Place in the episode"
          [max]="arrivedMs() / 1000"
          [style.width.%]="arrivedShare() * 100"
          (input)="sought.emit(slider.valueAsNumber * 1000)"
          (keydown)="step($event)"
        />
      </div>
    </div>
  `,
})
export class PlayBar {
  readonly state = input.required<PlayerState>();
  readonly peaks = input<Peaks | undefined>(undefined);
  /** How much can be played, in ms. */
  readonly arrivedMs = input.required<number>();
  readonly isComplete = input.required<boolean>();
  /** How long the whole will be, about, in ms; counts until all has arrived. */
  readonly expectedMs = input(0);
  /** Gives the place that is heard now, in ms. */
  readonly read = input.required<() => number>();
  readonly toggled = output();
  readonly skipped = output<number>();
  /** A place in ms. */
  readonly sought = output<number>();

  protected readonly skipMs = SKIP_MS;
  protected readonly runs = computed(() => this.state() === 'playing' || this.state() === 'waiting');
  private readonly wholeMs = computed(() => (this.isComplete() ? this.arrivedMs() : Math.max(this.arrivedMs(), this.expectedMs())));
  protected readonly arrivedShare = computed(() => (this.wholeMs() > 0 ? this.arrivedMs() / this.wholeMs() : 0));
  protected readonly total = computed(() => `${this.isComplete() ? '' : 'about '}${clockTime(this.wholeMs())}`);

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly canvas = viewChild.required<ElementRef<HTMLCanvasElement>>('canvas');
  private readonly slider = viewChild.required<ElementRef<HTMLInputElement>>('slider');
  private readonly now = viewChild.required<ElementRef<HTMLElement>>('now');
  private frame = 0;
  private drawn = '';

  constructor() {
    afterNextRender(() => this.paint());
    inject(DestroyRef).onDestroy(() => cancelAnimationFrame(this.frame));
  }

  /** The arrows go by more than the slider's own step, which is as fine as a pointer. */
  protected step(event: KeyboardEvent): void {
    const byMs = STEPS_MS[event.key];
    if (byMs === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.skipped.emit(byMs);
  }

  private paint(): void {
    this.frame = requestAnimationFrame(() => this.paint());
    const placeMs = this.read()();
    const time = clockTime(placeMs);
    const slider = this.slider().nativeElement;
    slider.value = String(Math.round(placeMs / 100) / 10);
    const now = this.now().nativeElement;
    if (now.textContent !== time) {
      now.textContent = time;
      slider.setAttribute('aria-valuetext', `${time} of ${this.total()}`);
    }
    this.draw(placeMs);
  }

  /** Nothing is drawn again that looks as before. */
  private draw(placeMs: number): void {
    const canvas = this.canvas().nativeElement;
    const wholeMs = this.wholeMs();
    const heard = wholeMs > 0 ? placeMs / wholeMs : 0;
    const style = getComputedStyle(this.host);
    const [heardColour, restColour] = ['--accent', '--idle'].map((name) => style.getPropertyValue(name));
    const look = [canvas.clientWidth, Math.round(heard * canvas.clientWidth), this.arrivedMs(), wholeMs, heardColour].join();
    if (look === this.drawn) return;
    this.drawn = look;
    drawWaveform(canvas, {
      peaks: this.peaks(),
      arrived: this.arrivedShare(),
      heard,
      heardColour: heardColour ?? '',
      restColour: restColour ?? '',
    });
  }
}
