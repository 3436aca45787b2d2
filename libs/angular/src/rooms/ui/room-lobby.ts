import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, output, signal } from '@angular/core';
import type { MicrophoneChoice, MicrophoneProblem } from '@parley/client/rooms';
import { microphoneNotice } from '../../session/notices';
import { LevelMeter } from '../../ui/level-meter';
import { MicrophoneSelect } from '../../ui/microphone-select';

/** What a visitor has filled in. */
export interface LobbyChoice {
  readonly name: string;
  /** Empty: a new room. */
  readonly room: string;
  readonly withMicrophone: boolean;
  readonly onlyWhenAddressed: boolean;
}

/** What the server accepts as the name of a room. */
const ROOM_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Before one joins: name, room, and a try of the microphone. */
@Component({
  selector: 'parley-room-lobby',
  imports: [LevelMeter, MicrophoneSelect],
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './room-lobby.css',
  templateUrl: './room-lobby.html',
})
export class RoomLobby {
  readonly name = input('');
  readonly room = input('');
  readonly assistantName = input.required<string>();
  readonly isJoining = input(false);
  readonly microphones = input.required<readonly MicrophoneChoice[]>();
  readonly microphone = input.required<string>();
  readonly trial = input.required<'off' | 'opening' | 'on'>();
  readonly problem = input<MicrophoneProblem>();
  readonly readLevel = input.required<() => number>();
  readonly joined = output<LobbyChoice>();
  readonly tried = output<boolean>();
  readonly chosen = output<string>();

  protected readonly nameText = linkedSignal(() => this.name());
  protected readonly roomText = linkedSignal(() => this.room());
  protected readonly onlyWhenAddressed = signal(false);
  protected readonly isAsked = signal(false);
  protected readonly nameProblem = computed(() => (this.nameText().trim() === '' ? 'Please enter your name.' : ''));
  protected readonly roomProblem = computed(() => {
    const room = this.roomText().trim();
    return room === '' || ROOM_NAME.test(room) ? '' : 'Use only letters, digits, “-” and “_”, at most 64.';
  });
  protected readonly problemText = computed(() => {
    const problem = this.problem();
    return problem && microphoneNotice(problem).text;
  });

  protected textOf(event: Event): string {
    return event.target instanceof HTMLInputElement ? event.target.value : '';
  }

  protected checked(event: Event): boolean {
    return event.target instanceof HTMLInputElement && event.target.checked;
  }

  protected join(event: Event, form: HTMLElement, withMicrophone: boolean): void {
    event.preventDefault();
    this.isAsked.set(true);
    if (this.nameProblem() || this.roomProblem()) {
      form.querySelector<HTMLInputElement>(this.nameProblem() ? '#lobby-name' : '#lobby-room')?.focus();
      return;
    }
    this.joined.emit({
      name: this.nameText().trim(),
      room: this.roomText().trim(),
      withMicrophone,
      onlyWhenAddressed: this.onlyWhenAddressed(),
    });
  }
}
