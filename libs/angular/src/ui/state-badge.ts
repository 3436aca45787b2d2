import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ConversationState } from '@parley/protocol';

/** What the page is doing with the connection, or the browser with its sound (`silenced`), where that says more than the conversation's own state. */
export type BadgeActivity = 'none' | 'connecting' | 'reconnecting' | 'disconnected' | 'silenced';

/** The conversation's state in plain words; the raw state is in `data-state`. */
@Component({
  selector: 'parley-state-badge',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './state-badge.css',
  template: '<span class="badge-dot" aria-hidden="true"></span>{{ words() }}',
  host: {
    class: 'badge',
    role: 'status',
    'data-testid': 'state',
    '[attr.data-state]': 'state()',
    '[attr.data-activity]': 'activity()',
  },
})
export class StateBadge {
  readonly state = input.required<ConversationState>();
  readonly activity = input<BadgeActivity>('none');
  /** Whether a microphone is open: without one nobody is listening, the page waits for typed text. */
  readonly hearing = input(true);

  protected readonly words = computed(() => {
    switch (this.activity()) {
      case 'connecting':
        return 'Connecting';
      case 'reconnecting':
        return 'Reconnecting';
      case 'disconnected':
        return 'Disconnected';
      case 'silenced':
        return 'Sound paused';
      case 'none':
        return this.stateInWords();
    }
  });

  private stateInWords(): string {
    switch (this.state()) {
      case 'IDLE':
        return 'Ready';
      case 'USER_SPEAKING':
        return this.hearing() ? 'Listening' : 'Your turn';
      case 'AI_PROCESSING':
        return 'Thinking';
      case 'AI_SPEAKING':
        return 'Speaking';
    }
  }
}
