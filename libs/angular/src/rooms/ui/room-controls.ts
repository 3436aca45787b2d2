import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { RoomState } from '@parley/client/rooms';

const ICONS = {
  microphone: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 1 0-6 0v6a3 3 0 0 0 3 3Zm6-3a6 6 0 0 1-12 0M12 18v3',
  microphoneOff: 'M4 4l16 16M9 9v3a3 3 0 0 0 4.5 2.6M15 10V6a3 3 0 0 0-5.7-1.3M18 12a6 6 0 0 1-.6 2.6M6 12a6 6 0 0 0 8.5 5.5M12 18v3',
  camera: 'M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2Zm11 4 6-3v8l-6-3',
  screen: 'M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Zm8 9V8m-3 3 3-3 3 3M8 21h8',
  chat: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 1 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 1 0 11 18.7l1.2-1.2',
  leave: 'M14 8V6a1 1 0 0 0-1-1H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h7a1 1 0 0 0 1-1v-2M10 12h10m-3-3 3 3-3 3',
} as const;

/** What a visitor can do in a room. */
export type RoomControl = 'mute' | 'camera' | 'share' | 'chat' | 'copy' | 'leave';

interface Button {
  readonly id: RoomControl;
  readonly icon: string;
  readonly words: string;
  /** What it does, for screen readers. */
  readonly label: string;
  /** Undefined: it is not something that is on or off. */
  readonly isOn?: boolean;
  readonly isDisabled?: boolean;
  readonly count?: number;
}

/** What one does in a room, as a bar of buttons. */
@Component({
  selector: 'parley-room-controls',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './room-controls.css',
  template: `
    <div class="bar" role="toolbar" aria-label="Room controls">
      @for (button of buttons(); track button.id) {
        <button
          type="button"
          class="control"
          [class.danger]="button.id === 'leave'"
          [attr.data-testid]="button.id"
          [attr.data-on]="button.isOn"
          [attr.aria-pressed]="button.isOn"
          [attr.aria-label]="button.label"
          [title]="button.label"
          [disabled]="button.isDisabled ?? false"
          (click)="pressed.emit(button.id)"
        >
          <svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="button.icon" /></svg>
          <span aria-hidden="true">{{ button.words }}</span>
          @if (button.count) {
            <span class="count" aria-hidden="true" data-testid="unread">{{ button.count }}</span>
          }
        </button>
      }
    </div>
  `,
})
export class RoomControls {
  readonly state = input.required<RoomState>();
  readonly isChatOpen = input.required<boolean>();
  readonly unread = input(0);
  /** Whether the browser can share a screen; those of phones cannot. */
  readonly canShare = input(true);
  /** The link was just copied. */
  readonly isCopied = input(false);
  readonly pressed = output<RoomControl>();

  protected readonly buttons = computed((): Button[] => {
    const { microphone, camera, screen, phase } = this.state();
    const isAway = phase !== 'joined';
    const isOpen = microphone === 'on';
    const unread = this.isChatOpen() ? 0 : this.unread();
    const share: Button[] = this.canShare()
      ? [
          {
            id: 'share',
            icon: ICONS.screen,
            words: 'Share',
            label: screen ? 'Stop sharing your screen' : 'Share your screen',
            isOn: screen,
            isDisabled: isAway,
          },
        ]
      : [];
    return [
      {
        id: 'mute',
        icon: isOpen ? ICONS.microphone : ICONS.microphoneOff,
        words: microphone === 'opening' ? 'Opening' : isOpen ? 'Mute' : microphone === 'muted' ? 'Unmute' : 'Speak',
        label: isOpen ? 'Mute your microphone' : microphone === 'muted' ? 'Unmute your microphone' : 'Turn on your microphone',
        isOn: isOpen,
        isDisabled: isAway || microphone === 'opening',
      },
      {
        id: 'camera',
        icon: ICONS.camera,
        words: 'Camera',
        label: camera ? 'Turn off your camera' : 'Turn on your camera',
        isOn: camera,
        isDisabled: isAway,
      },
      ...share,
      {
        id: 'chat',
        icon: ICONS.chat,
        words: 'Chat',
        label: `${this.isChatOpen() ? 'Hide' : 'Show'} the conversation${unread > 0 ? `, ${unread} unread` : ''}`,
        isOn: this.isChatOpen(),
        count: unread,
      },
      {
        id: 'copy',
        icon: ICONS.link,
        words: this.isCopied() ? 'Copied' : 'Link',
        label: 'Copy the link to this room',
      },
      { id: 'leave', icon: ICONS.leave, words: 'Leave', label: 'Leave the room' },
    ];
  });
}
