import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';

/** A microphone to choose. */
export interface MicrophoneOption {
  id: string;
  label: string;
}

/** Which microphone is used; may be changed while a conversation runs. */
@Component({
  selector: 'parley-microphone-select',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './microphone-select.css',
  template: `
    <label class="field">
      <span class="visually-hidden">Microphone</span>
      <select #box data-testid="mic-select" [disabled]="microphones().length === 0" (change)="choose(box)">
        @for (option of microphones(); track option.id) {
          <option [value]="option.id" [selected]="option.id === current()">{{ option.label }}</option>
        } @empty {
          <option value="">No microphone found</option>
        }
      </select>
    </label>
  `,
})
export class MicrophoneSelect {
  readonly microphones = input.required<readonly MicrophoneOption[]>();
  /** Id of the one in use; empty for the default. */
  readonly selected = input.required<string>();
  readonly chosen = output<string>();

  /** The first one stands for the default where the browser does not name it. */
  protected readonly current = computed(() => {
    const known = this.microphones().some((microphone) => microphone.id === this.selected());
    return known ? this.selected() : (this.microphones()[0]?.id ?? '');
  });

  /** The list goes on showing the microphone in use; the owner says when that is another one. */
  protected choose(box: HTMLSelectElement): void {
    const id = box.value;
    box.value = this.current();
    this.chosen.emit(id);
  }
}
