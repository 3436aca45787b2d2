import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { RoomMember } from '@parley/client/rooms';
import { agentStateInWords } from './member-words';

/** Whether the assistant is in the room, and what it does; stops it while it speaks. */
@Component({
  selector: 'parley-assistant-presence',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './assistant-presence.css',
  template: `
    <span class="presence" role="status" data-testid="presence" [attr.data-state]="state()">
      <span class="presence-dot" aria-hidden="true"></span>{{ words() }}
    </span>
    @if (state() === 'speaking') {
      <button type="button" class="button small" data-testid="stop" (click)="stopped.emit()">Stop</button>
    }
  `,
})
export class AssistantPresence {
  /** Undefined: it is not in the room. */
  readonly assistant = input.required<RoomMember | undefined>();
  readonly stopped = output();

  protected readonly state = computed(() => {
    const assistant = this.assistant();
    return assistant ? (assistant.agentState ?? 'idle') : 'absent';
  });
  protected readonly words = computed(() => {
    const assistant = this.assistant();
    return assistant ? `${assistant.name}: ${agentStateInWords(assistant.agentState).toLowerCase()}` : 'The assistant is not here yet';
  });
}
