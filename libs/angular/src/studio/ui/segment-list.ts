import { ChangeDetectionStrategy, Component, ElementRef, afterRenderEffect, inject, input, output, signal, viewChild } from '@angular/core';
import type { EditSegment, EpisodeSegment, NarrationOptions, SegmentState } from '@parley/protocol';
import { clockTime } from './times';

/** A change of one segment. */
export interface SegmentEdit {
  readonly segmentId: string;
  readonly change: EditSegment;
}

const STATE_WORDS: Record<SegmentState, string> = { waiting: 'waiting', rendering: 'being spoken', done: 'done', failed: 'failed' };

/** The segments of an episode with their progress; each may be given another text or voice, and rendered again alone. */
@Component({
  selector: 'parley-segment-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './segment-list.css',
  template: `
    <ol data-testid="segments">
      @for (segment of segments(); track segment.id) {
        <li class="segment" [attr.data-state]="segment.state" [attr.data-segment]="segment.index">
          <div class="segment-head">
            <span class="segment-name">{{ segment.index + 1 }}. {{ segment.speaker ?? 'Narrator' }}</span>
            <progress
              max="1"
              [attr.value]="segment.state === 'rendering' ? null : segment.state === 'done' ? 1 : 0"
              [attr.aria-label]="'Segment ' + (segment.index + 1) + ': ' + words[segment.state]"
            ></progress>
            <button
              type="button"
              class="button small"
              [disabled]="disabled()"
              [attr.aria-expanded]="edited() === segment.id"
              [attr.aria-label]="'Edit segment ' + (segment.index + 1)"
              (click)="edited() === segment.id ? close() : edited.set(segment.id)"
            >
              Edit
            </button>
          </div>
          <p class="segment-facts">{{ facts(segment) }}</p>
          @if (segment.error) {
            <p class="segment-error" role="alert">{{ segment.error }}</p>
          }
          @if (edited() === segment.id) {
            <form class="segment-form" (submit)="submit($event, segment, text.value, voice.value)">
              <label>
                Text
                <textarea #text rows="4" [value]="segment.text" data-testid="segment-text"></textarea>
              </label>
              <label>
                Voice
                <select #voice class="chevron" data-testid="segment-voice">
                  @for (option of voices(); track option.id) {
                    <option [value]="option.id" [selected]="option.id === segment.voice_id">{{ option.name }}</option>
                  }
                </select>
              </label>
              <div class="segment-actions">
                <button type="submit" class="button primary" data-testid="render-again">Render again</button>
                <button type="button" class="button quiet" (click)="close()">Cancel</button>
              </div>
            </form>
          } @else {
            <p class="segment-text">{{ segment.text }}</p>
          }
        </li>
      }
    </ol>
  `,
})
export class SegmentList {
  readonly segments = input.required<readonly EpisodeSegment[]>();
  readonly voices = input<NarrationOptions['voices']>([]);
  /** Segments cannot be changed now. */
  readonly disabled = input(false);
  readonly changed = output<SegmentEdit>();

  protected readonly words = STATE_WORDS;
  protected readonly edited = signal<string | undefined>(undefined);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly text = viewChild<ElementRef<HTMLTextAreaElement>>('text');

  constructor() {
    // Whoever opens the form wants to write in it.
    afterRenderEffect(() => this.text()?.nativeElement.focus());
  }

  /** The form leaves the page: the keyboard's place goes back to what opened it. */
  protected close(): void {
    this.edited.set(undefined);
    this.host.querySelector<HTMLElement>('[aria-expanded=true]')?.focus();
  }

  protected facts({ state, duration_ms, billed_characters, cached }: EpisodeSegment): string {
    const facts = [STATE_WORDS[state]];
    if (duration_ms !== undefined) facts.push(clockTime(duration_ms));
    if (cached) facts.push('from the cache');
    else if (billed_characters !== undefined) facts.push(`${billed_characters} characters billed`);
    return facts.join(' · ');
  }

  protected submit(event: Event, segment: EpisodeSegment, text: string, voiceId: string): void {
    event.preventDefault();
    const change: EditSegment = {
      ...(text.trim() !== '' && text !== segment.text && { text: text.trim() }),
      ...(voiceId !== '' && voiceId !== segment.voice_id && { voice_id: voiceId }),
    };
    this.close();
    if (Object.keys(change).length > 0) this.changed.emit({ segmentId: segment.id, change });
  }
}
