import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ProviderRow } from './provider-panel';

/** Says plainly when what answers is only a demonstration; nothing where all of it is real. */
@Component({
  selector: 'parley-demo-pill',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './demo-pill.css',
  template: `
    @if (words(); as words) {
      <span class="pill" data-testid="demo" title="A built-in demo answers here. “Services” on the page tells more.">{{ words }}</span>
    }
  `,
})
export class DemoPill {
  readonly providers = input.required<readonly ProviderRow[]>();

  protected readonly words = computed(() => {
    const available = this.providers().filter((provider) => provider.available);
    const simulated = available.filter((provider) => provider.simulated);
    if (simulated.length === 0) return undefined;
    if (simulated.length === available.length) return 'Demo: no keys set';
    return `Demo: no key for ${simulated.map((provider) => provider.stage.toLowerCase()).join(', ')}`;
  });
}
