import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { RoomMember } from '@parley/client/rooms';
import { agentStateInWords, gradeInWords, hueOf, initialsOf, memberInWords } from './member-words';
import { MemberVideo } from './member-video';

/** Somebody in the room: their camera or initials, name, and whether they speak, are muted or are badly connected. */
@Component({
  selector: 'parley-member-tile',
  imports: [MemberVideo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './member-tile.css',
  template: `
    @if (member().camera; as camera) {
      <parley-member-video class="tile-video" [source]="camera" [label]="'Camera of ' + member().name" [isMirrored]="member().isMe" />
    } @else if (member().kind === 'assistant') {
      <span class="tile-assistant" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></span>
    } @else {
      <span class="tile-initials" aria-hidden="true" [style.--hue]="hue()">{{ initials() }}</span>
    }
    <div class="tile-foot" aria-hidden="true">
      @if (member().kind !== 'assistant' && member().microphone !== 'on') {
        <svg class="tile-muted" viewBox="0 0 24 24">
          <path d="M4 4l16 16M9 9v3a3 3 0 0 0 4.5 2.6M15 10V6a3 3 0 0 0-5.7-1.3M18 12a6 6 0 0 1-.6 2.6M6 12a6 6 0 0 0 8.5 5.5M12 18v3" />
        </svg>
      }
      <span class="tile-name">{{ member().name }}{{ member().isMe ? ' (you)' : '' }}</span>
      @if (member().kind === 'assistant') {
        <span class="tile-does">{{ does() }}</span>
      }
      <span class="tile-bars" [title]="grade().words">
        @for (bar of bars; track bar) {
          <i [class.lit]="bar <= grade().bars"></i>
        }
      </span>
    </div>
  `,
  host: {
    class: 'tile',
    role: 'listitem',
    'data-testid': 'member',
    '[attr.aria-label]': 'words()',
    '[attr.data-identity]': 'member().identity',
    '[attr.data-name]': 'member().name',
    '[attr.data-kind]': 'member().kind',
    '[attr.data-microphone]': 'member().microphone',
    '[attr.data-connection]': 'member().connection',
    '[attr.data-agent-state]': 'member().agentState',
    '[attr.data-speaking]': 'isSpeaking()',
  },
})
export class MemberTile {
  readonly member = input.required<RoomMember>();

  protected readonly bars = [1, 2, 3];
  protected readonly hue = computed(() => hueOf(this.member().identity));
  protected readonly initials = computed(() => initialsOf(this.member().name));
  protected readonly does = computed(() => agentStateInWords(this.member().agentState));
  protected readonly grade = computed(() => gradeInWords(this.member().connection));
  protected readonly words = computed(() => memberInWords(this.member()));
  /** The assistant says itself when it speaks: the media server notices it later. */
  protected readonly isSpeaking = computed(() => {
    const { kind, agentState, isSpeaking } = this.member();
    return kind === 'assistant' && agentState !== undefined ? agentState === 'speaking' : isSpeaking;
  });
}
