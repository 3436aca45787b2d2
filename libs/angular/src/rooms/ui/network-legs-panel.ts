import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { NetworkLegs } from '@parley/client/rooms';

/** How long the network takes between the visitor, the media server and the assistant. */
@Component({
  selector: 'parley-network-legs-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrls: ['../../ui/fold.css', './network-legs-panel.css'],
  template: `
    <details class="fold" data-testid="legs">
      <summary>
        <span>Network</span><span class="fold-hint">{{ headline() }}</span>
      </summary>
      <dl class="legs">
        @for (leg of rows(); track leg.name) {
          <div [attr.data-leg]="leg.name">
            <dt>{{ leg.words }}</dt>
            <dd>{{ leg.value }}</dd>
          </div>
        }
      </dl>
    </details>
  `,
})
export class NetworkLegsPanel {
  readonly legs = input.required<NetworkLegs>();

  protected readonly rows = computed(() => {
    const { pageRoundTripMs, assistantRoundTripMs, bufferMs } = this.legs();
    return [
      { name: 'page', words: 'You ↔ media server, there and back', value: inMs(pageRoundTripMs, 'not measured yet') },
      { name: 'assistant', words: 'Assistant ↔ media server, there and back', value: inMs(assistantRoundTripMs, 'not reported') },
      { name: 'buffer', words: 'The assistant’s voice waits in your browser', value: inMs(bufferMs, 'nothing heard yet') },
    ];
  });

  protected readonly headline = computed(() => {
    const { pageRoundTripMs } = this.legs();
    return pageRoundTripMs === undefined ? '' : `media server ${inMs(pageRoundTripMs, '')} away`;
  });
}

function inMs(durationMs: number | undefined, otherwise: string): string {
  if (durationMs === undefined) return otherwise;
  return durationMs < 1 ? 'under 1 ms' : `${Math.round(durationMs)} ms`;
}
