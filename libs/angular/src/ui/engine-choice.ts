import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { EngineName } from '@parley/protocol';

const ENGINE_WORDS: Record<EngineName, string> = { pipeline: 'Pipeline', agent: 'ElevenLabs agent' };

/** Who holds the conversation: to be chosen before it starts. */
@Component({
  selector: 'parley-engine-choice',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './engine-choice.css',
  template: `
    <fieldset class="segments" data-testid="engine" [disabled]="disabled()">
      <legend class="visually-hidden">Who answers</legend>
      @for (option of options(); track option.name) {
        <label class="segment">
          <input
            type="radio"
            name="engine"
            class="visually-hidden"
            [value]="option.name"
            [checked]="option.name === selected()"
            (change)="chosen.emit(option.name)"
          />
          <span>{{ option.words }}</span>
        </label>
      }
    </fieldset>
  `,
})
export class EngineChoice {
  readonly engines = input.required<readonly EngineName[]>();
  readonly selected = input.required<EngineName>();
  /** While a conversation runs. */
  readonly disabled = input(false);
  readonly chosen = output<EngineName>();

  protected readonly options = computed(() => this.engines().map((name) => ({ name, words: ENGINE_WORDS[name] })));
}
