import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { EpisodeMetrics, EpisodeOutput, NarrationMetrics } from '@parley/protocol';
import { clockTime, grouped } from './times';

/** Figures of what was spoken: of the live narration, and of the episode. */
@Component({
  selector: 'parley-narration-figures',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrls: ['../../ui/fold.css', './narration-figures.css'],
  template: `
    <details class="fold" data-testid="narration-metrics">
      <summary>
        <span>Figures</span><span class="fold-hint">{{ headline() }}</span>
      </summary>
      @if (live(); as metrics) {
        <section>
          <h3>Live</h3>
          <dl>
            @for (row of liveRows(metrics); track row[0]) {
              <div>
                <dt>{{ row[0] }}</dt>
                <dd [attr.data-figure]="row[0]">{{ row[1] }}</dd>
              </div>
            }
          </dl>
        </section>
      }
      @if (episode(); as metrics) {
        <section>
          <h3>Episode</h3>
          <dl>
            @for (row of episodeRows(metrics, output()); track row[0]) {
              <div>
                <dt>{{ row[0] }}</dt>
                <dd [attr.data-figure]="row[0]">{{ row[1] }}</dd>
              </div>
            }
          </dl>
        </section>
      }
      @if (!live() && !episode()) {
        <p class="fold-empty">Nothing was spoken yet.</p>
      }
    </details>
  `,
})
export class NarrationFigures {
  readonly live = input<NarrationMetrics | undefined>(undefined);
  readonly episode = input<EpisodeMetrics | undefined>(undefined);
  readonly output = input<EpisodeOutput | undefined>(undefined);

  protected readonly headline = computed(() => {
    const firstMs = this.live()?.ttfb_ms ?? this.episode()?.first_audio_ms;
    return firstMs === undefined ? '' : `first audio after ${milliseconds(firstMs)}`;
  });

  protected liveRows(metrics: NarrationMetrics): Row[] {
    return [
      ['Time to first byte', milliseconds(metrics.ttfb_ms)],
      ['Text received', `${grouped(metrics.chars)} characters`],
      ['Audio sent', clockTime(metrics.audio_ms)],
      ['Chunks sent', grouped(metrics.chunks_sent)],
      ['Chunks received', grouped(metrics.chunks_received)],
      ['Efficiency', metrics.efficiency.toFixed(2)],
      ['Reconnects', grouped(metrics.reconnects)],
      ['Cache hits', grouped(metrics.cache_hits)],
      ['Fallbacks', grouped(metrics.fallbacks)],
      ['Characters billed', grouped(metrics.billed_chars)],
    ];
  }

  protected episodeRows(metrics: EpisodeMetrics, output: EpisodeOutput | undefined): Row[] {
    return [
      ['First audio', milliseconds(metrics.first_audio_ms)],
      ['Characters', grouped(metrics.characters)],
      ['Characters billed', grouped(metrics.billed_characters)],
      ['Cache hits', grouped(metrics.cache_hits)],
      ['Retries', grouped(metrics.retries)],
      ['Fallbacks', grouped(metrics.fallbacks)],
      ...(output
        ? ([
            ['Duration', clockTime(output.duration_ms)],
            ['Loudness', `${output.loudness_lufs.toFixed(1)} LUFS`],
            ['True peak', `${output.true_peak_dbtp.toFixed(1)} dBTP`],
          ] satisfies Row[])
        : []),
    ];
  }
}

type Row = readonly [name: string, value: string];

const milliseconds = (durationMs: number | undefined): string => (durationMs === undefined ? '–' : `${grouped(durationMs)} ms`);
