import { Module } from '@nestjs/common';
import { AudioCacheModule, MetricsModule, NarrationModule } from '@parley/server';
import { EpisodeLibrary } from './episode-library';
import { EpisodeMetrics } from './episode-metrics';

/** Provides the episodes of this server. */
@Module({
  imports: [AudioCacheModule, NarrationModule, MetricsModule],
  providers: [EpisodeLibrary, EpisodeMetrics],
  exports: [EpisodeLibrary, NarrationModule],
})
export class EpisodesModule {}
