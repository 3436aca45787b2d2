import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { RoomMember } from '@parley/client/rooms';
import { MemberTile } from './member-tile';
import { MemberVideo } from './member-video';

/** Everybody in the room as tiles; a shared screen stands above them. */
@Component({
  selector: 'parley-member-grid',
  imports: [MemberTile, MemberVideo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './member-grid.css',
  template: `
    @for (member of sharing(); track member.identity) {
      @if (member.screen; as screen) {
        <figure class="screen" data-testid="screen">
          <parley-member-video [source]="screen" [label]="'Screen of ' + member.name" [isWhole]="true" />
          <figcaption>{{ member.isMe ? 'Your screen' : 'Screen of ' + member.name }}</figcaption>
        </figure>
      }
    }
    <div class="tiles" role="list" aria-label="People in the room" data-testid="members">
      @for (member of seated(); track member.identity) {
        <parley-member-tile [member]="member" />
      }
    </div>
  `,
})
export class MemberGrid {
  readonly members = input.required<readonly RoomMember[]>();

  protected readonly sharing = computed(() => this.members().filter(({ screen }) => screen !== undefined));
  /** What records the room is nobody to look at. */
  protected readonly seated = computed(() => this.members().filter(({ kind }) => kind !== 'other'));
}
