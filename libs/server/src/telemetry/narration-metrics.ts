import { Inject, Injectable } from '@nestjs/common';
import type { NarrationEvent, NarrationFigures } from '@parley/engine';
import { Counter, Histogram, Registry } from 'prom-client';

const MS_PER_SECOND = 1000;
const BUCKETS_S = [0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.6, 0.8, 1, 1.5, 2.5, 5];
const REASONS = ['completed', 'cancelled', 'server_shutdown', 'error'] as const;

/** What all live narrations of this server have come to, for `/metrics`. */
@Injectable()
export class NarrationMetrics {
  private readonly ended: Counter<'reason'>;
  private readonly firstAudio: Histogram;
  private readonly counters: readonly [Counter, (figures: NarrationFigures) => number][];

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    this.ended = new Counter({
      name: 'parley_narrations_total',
      help: 'Live narrations, by how they ended.',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REASONS) this.ended.inc({ reason }, 0);
    this.firstAudio = new Histogram({
      name: 'parley_narration_first_audio_seconds',
      help: 'From the first text that was given to the voice to its first audio.',
      buckets: BUCKETS_S,
      registers,
    });
    const counter = (name: string, help: string): Counter => new Counter({ name: `parley_narration_${name}_total`, help, registers });
    this.counters = [
      [counter('characters', 'Characters of text received.'), ({ characters }) => characters],
      [counter('billed_characters', 'Characters that the vendor bills.'), ({ billedCharacters }) => billedCharacters],
      [counter('chunks_sent', 'Pieces of text given to the voice.'), ({ chunksSent }) => chunksSent],
      [counter('chunks_received', 'Pieces of audio received from the voice.'), ({ chunksReceived }) => chunksReceived],
      [counter('audio_seconds', 'Audio sent.'), ({ audioMs }) => audioMs / MS_PER_SECOND],
      [counter('reconnects', 'Connections to the vendor that were lost and made again.'), ({ reconnects }) => reconnects],
      [counter('cache_hits', 'Pieces of text whose audio came from the cache.'), ({ cacheHits }) => cacheHits],
      [counter('fallbacks', 'Times that speech went over HTTP because the socket could not be had.'), ({ fallbacks }) => fallbacks],
    ];
  }

  /** Takes the events of one narration. */
  observer(): (event: NarrationEvent) => void {
    let last: NarrationFigures | undefined;
    return (event) => {
      if (event.type === 'figures') last = event.figures;
      if (event.type !== 'ended') return;
      this.ended.inc({ reason: event.reason });
      if (!last) return;
      for (const [counter, read] of this.counters) counter.inc(read(last));
      if (last.ttfbMs !== undefined) this.firstAudio.observe(last.ttfbMs / MS_PER_SECOND);
    };
  }
}
