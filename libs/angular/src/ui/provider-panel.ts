import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Who does one part of the work. */
export interface ProviderRow {
  /** Plain words: "Speech recognition". */
  stage: string;
  name: string;
  simulated: boolean;
  available: boolean;
  /** Why it is simulated or missing, and what to do about it. */
  detail?: string;
}

/** Which services answer, and which of them are only a demonstration. */
@Component({
  selector: 'parley-provider-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrls: ['./fold.css', './provider-panel.css'],
  template: `
    <details class="fold" data-testid="providers">
      <summary>
        <span>Services</span><span class="fold-hint">{{ headline() }}</span>
      </summary>
      <ul class="providers">
        @for (row of rows(); track row.stage) {
          <li [attr.data-simulated]="row.simulated" [attr.data-available]="row.available">
            <span>{{ row.stage }}: </span><strong>{{ row.by }}</strong>
            @if (row.detail) {
              <p>{{ row.detail }}</p>
            }
          </li>
        } @empty {
          <li>Not known yet.</li>
        }
      </ul>
    </details>
  `,
})
export class ProviderPanel {
  readonly providers = input.required<readonly ProviderRow[]>();

  protected readonly rows = computed(() => this.providers().map((provider) => ({ ...provider, by: answeredBy(provider) })));

  protected readonly headline = computed(() => {
    const providers = this.providers();
    const simulated = providers.filter((provider) => provider.available && provider.simulated);
    const missing = providers.filter((provider) => !provider.available);
    const parts = [
      simulated.length > 0 && simulated.length === providers.length ? 'all built-in demo' : '',
      simulated.length > 0 && simulated.length < providers.length ? `built-in demo: ${inWords(simulated)}` : '',
      missing.length > 0 ? `missing: ${inWords(missing)}` : '',
    ];
    return parts.filter((part) => part !== '').join(', ');
  });
}

function answeredBy(provider: ProviderRow): string {
  if (!provider.available) return 'not available';
  return provider.simulated ? 'built-in demo' : provider.name;
}

function inWords(providers: readonly ProviderRow[]): string {
  return providers.map((provider) => provider.stage.toLowerCase()).join(', ');
}
