import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Countdown } from './countdown';

/** What a notice may offer to do about it. */
export type NoticeAction = 'reconnect' | 'microphone' | 'sound' | 'reload';

/** A message to the visitor. One notice of a kind is shown at a time. */
export interface Notice {
  kind: string;
  tone: 'info' | 'warning' | 'error';
  text: string;
  /** When what it says happens, on the clock of `performance.now()`: the time left is shown behind the text. */
  untilMs?: number;
  action?: { does: NoticeAction; label: string };
}

/** The messages that are in force, each to be dismissed or acted on. */
@Component({
  selector: 'parley-notice-list',
  imports: [Countdown],
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './notice-list.css',
  template: `
    @for (notice of notices(); track notice.kind) {
      <div
        class="notice"
        data-testid="notice"
        [attr.role]="notice.tone === 'info' ? 'status' : 'alert'"
        [attr.data-kind]="notice.kind"
        [attr.data-tone]="notice.tone"
      >
        <p>
          {{ notice.text }}
          @if (notice.untilMs; as untilMs) {
            <parley-countdown [untilMs]="untilMs" />
          }
        </p>
        @if (notice.action; as action) {
          <button type="button" class="button small" [attr.data-testid]="action.does" (click)="act.emit(action.does)">
            {{ action.label }}
          </button>
        }
        <button type="button" class="button quiet small" aria-label="Dismiss this message" (click)="dismissed.emit(notice.kind)">×</button>
      </div>
    }
  `,
  host: { class: 'notices' },
})
export class NoticeList {
  readonly notices = input.required<readonly Notice[]>();
  readonly act = output<NoticeAction>();
  readonly dismissed = output<string>();
}
