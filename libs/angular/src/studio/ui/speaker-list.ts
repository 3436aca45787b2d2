import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { NarrationOptions } from '@parley/protocol';

/** A speaker of the script, and who speaks for it. */
export interface SpeakerVoice {
  readonly speaker: string;
  readonly voiceId: string;
}

/** The speakers that were found in the script, each with a voice to choose and to hear. */
@Component({
  selector: 'parley-speaker-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './speaker-list.css',
  template: `
    <ul data-testid="speakers">
      @for (entry of speakers(); track entry.speaker) {
        <li>
          <label [for]="'voice-' + $index">{{ entry.speaker }}</label>
          <select
            #box
            class="chevron"
            [id]="'voice-' + $index"
            [attr.data-speaker]="entry.speaker"
            [disabled]="voices().length === 0"
            (change)="chosen.emit({ speaker: entry.speaker, voiceId: box.value })"
          >
            @for (voice of voices(); track voice.id) {
              <option [value]="voice.id" [selected]="voice.id === entry.voiceId">{{ voice.name }}</option>
            } @empty {
              <option value="">No voice is known yet</option>
            }
          </select>
          <button
            type="button"
            class="button small"
            [disabled]="entry.voiceId === ''"
            [attr.aria-pressed]="heard() === entry.voiceId"
            [attr.aria-label]="'Hear the voice of ' + entry.speaker"
            (click)="previewed.emit(entry.voiceId)"
          >
            {{ heard() === entry.voiceId ? 'Stop' : 'Hear' }}
          </button>
        </li>
      } @empty {
        <li class="none">The script has no text to speak yet.</li>
      }
    </ul>
  `,
})
export class SpeakerList {
  readonly speakers = input.required<readonly SpeakerVoice[]>();
  readonly voices = input<NarrationOptions['voices']>([]);
  /** Id of the voice that is heard now. */
  readonly heard = input<string | undefined>(undefined);
  readonly chosen = output<SpeakerVoice>();
  /** Id of a voice. */
  readonly previewed = output<string>();
}
