import { ChangeDetectionStrategy, Component, DestroyRef, ElementRef, afterRenderEffect, inject, input } from '@angular/core';

/** Who said something, where more than one person takes part. */
export interface TranscriptSpeaker {
  identity: string;
  name: string;
  isMe: boolean;
}

/** Something said, by voice or by text. */
export interface TranscriptLine {
  kind: 'line';
  /** Unique on the page. */
  id: number;
  role: 'user' | 'assistant';
  /** The server's number of the turn; undefined for typed text until the server took it up. Numbers start again after a divider. */
  turn: number | undefined;
  text: string;
  /** Nothing will be added or corrected any more. */
  final: boolean;
  /** The reply was stopped before its end. */
  interrupted: boolean;
  /** How many characters of the text were heard, where that is known of a reply that was stopped. */
  heardLength: number | undefined;
  /** Left out where only the visitor and one assistant talk. */
  speaker?: TranscriptSpeaker;
}

/** Where one conversation ended and the next began. */
export interface TranscriptDivider {
  kind: 'divider';
  id: number;
  text: string;
}

export type TranscriptEntry = TranscriptLine | TranscriptDivider;

/** How close to the end a reader must be to be taken along when more is said. */
const FOLLOW_WITHIN_PX = 80;

/** The conversation so far. Follows what is said, unless the reader has scrolled back. */
@Component({
  selector: 'parley-transcript-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './transcript-list.css',
  template: `
    <ol class="transcript-lines" data-testid="transcript">
      @for (entry of entries(); track entry.id) {
        @if (entry.kind === 'line') {
          <li
            class="line"
            [attr.data-role]="entry.role"
            [attr.data-speaker]="entry.speaker?.identity"
            [class.line-other]="entry.role === 'user' && entry.speaker?.isMe === false"
            [attr.data-turn]="entry.turn"
            [attr.data-final]="entry.final"
            [attr.data-interrupted]="entry.interrupted"
            [attr.aria-busy]="!entry.final"
          >
            <span class="line-who">{{ whoSaid(entry) }}</span>
            <p class="line-text">
              <span>{{ heardOf(entry) }}</span><span class="line-unheard">{{ unheardOf(entry) }}</span>
            </p>
            @if (entry.interrupted) {
              <span class="line-mark">{{ unheardOf(entry) ? 'Interrupted; the words in italics were not heard' : 'Interrupted' }}</span>
            }
          </li>
        } @else {
          <li class="divider">{{ entry.text }}</li>
        }
      }
    </ol>
  `,
  host: { class: 'transcript', role: 'log', 'aria-live': 'polite', 'aria-label': 'Conversation', tabindex: '0', '(scroll)': 'scrolled()' },
})
export class TranscriptList {
  readonly entries = input.required<readonly TranscriptEntry[]>();

  protected readonly whoSaid = ({ role, speaker }: TranscriptLine): string => {
    if (speaker && !speaker.isMe) return speaker.name;
    return role === 'user' ? 'You' : 'Assistant';
  };
  protected readonly heardOf = ({ text, heardLength }: TranscriptLine): string => text.slice(0, heardLength);
  protected readonly unheardOf = ({ text, heardLength }: TranscriptLine): string => text.slice(heardLength ?? text.length);

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected scrolled(): void {
    this.following = this.host.scrollHeight - this.host.scrollTop - this.host.clientHeight < FOLLOW_WITHIN_PX;
  }

  private following = true;

  constructor() {
    afterRenderEffect(() => {
      this.entries();
      this.follow();
    });
    // A notice, the keyboard of a phone or an opened fold takes room away.
    const observer = new ResizeObserver(() => this.follow());
    observer.observe(this.host);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }

  private follow(): void {
    if (this.following) this.host.scrollTop = this.host.scrollHeight;
  }
}
