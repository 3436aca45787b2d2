import { Inject, Injectable } from '@nestjs/common';
import type { AudioCacheCounts } from '@parley/audio-cache';
import type { RenderingEvent } from '@parley/episodes';
import { Counter, Gauge, Registry } from 'prom-client';

const MS_PER_SECOND = 1000;

/** What the episodes of this server have come to, for `/metrics`. */
@Injectable()
export class EpisodeMetrics {
  private readonly episodes: Counter<'result'>;
  private readonly segments: Counter<'source'>;
  private readonly billed: Counter;
  private readonly audio: Counter;
  private readonly retries: Counter;
  private readonly fallbacks: Counter;

  constructor(@Inject(Registry) private readonly registry: Registry) {
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers: [registry] });
    const registers = [registry];
    this.episodes = new Counter({
      name: 'parley_episodes_total',
      help: 'Episodes that were put together, and those whose rendering failed.',
      labelNames: ['result'],
      registers,
    });
    for (const result of ['completed', 'failed']) this.episodes.inc({ result }, 0);
    this.segments = new Counter({
      name: 'parley_episode_segments_total',
      help: 'Segments of episodes that were rendered, by where their audio came from.',
      labelNames: ['source'],
      registers,
    });
    for (const source of ['vendor', 'cache']) this.segments.inc({ source }, 0);
    this.billed = counter('parley_episode_billed_characters_total', 'Characters of episodes that the vendor bills.');
    this.audio = counter('parley_episode_audio_seconds_total', 'Audio of segments that were rendered.');
    this.retries = counter('parley_episode_retries_total', 'Attempts at segments that failed and were made again.');
    this.fallbacks = counter('parley_episode_fallbacks_total', 'Times that another way to the vendor had to be taken for an episode.');
  }

  count(event: RenderingEvent): void {
    switch (event.type) {
      case 'segment_done':
        this.segments.inc({ source: event.cached ? 'cache' : 'vendor' });
        this.audio.inc(event.durationMs / MS_PER_SECOND);
        break;
      case 'segment_failed':
        if (event.willRetry) this.retries.inc();
        break;
      case 'episode_done':
        this.episodes.inc({ result: 'completed' });
        break;
      case 'episode_failed':
        this.episodes.inc({ result: 'failed' });
        break;
      case 'notice':
        if (event.notice.type === 'billed') this.billed.inc(event.notice.characters);
        if (event.notice.type === 'fallback') this.fallbacks.inc();
        break;
      case 'error':
        break;
    }
  }

  /** Reports how many clients are listening. */
  readOpenAnswers(open: () => number): void {
    new Gauge({
      name: 'parley_episode_listeners',
      help: 'Clients that are sent the events of an episode, or its audio as it is made.',
      registers: [this.registry],
      collect() {
        this.set(open());
      },
    });
  }

  /** Reports the counts of the audio cache; none while it is not open. */
  readCache(counts: () => AudioCacheCounts | undefined): void {
    const registers = [this.registry];
    const counter = (name: string, help: string, field: keyof AudioCacheCounts): void =>
      void new Counter({
        ...{ name: `parley_audio_cache_${name}_total`, help, registers },
        collect() {
          this.reset();
          this.inc(counts()?.[field] ?? 0);
        },
      });
    const gauge = (name: string, help: string, field: keyof AudioCacheCounts): void =>
      void new Gauge({
        ...{ name: `parley_audio_cache_${name}`, help, registers },
        collect() {
          this.set(counts()?.[field] ?? 0);
        },
      });
    counter('hits', 'Texts whose audio was in the audio cache.', 'hits');
    counter('misses', 'Texts whose audio was not in the audio cache, and was made.', 'misses');
    counter('joined', 'Texts whose audio was being made already.', 'joined');
    counter('evictions', 'Entries that were removed from the audio cache for their space.', 'evictions');
    gauge('bytes', 'Bytes in the audio cache.', 'bytes');
    gauge('entries', 'Entries in the audio cache.', 'entries');
  }
}
