import { Module } from '@nestjs/common';
import { AudioCacheModule } from '../audio-cache/audio-cache.module';
import { NarrationModule } from '../engines/narration/narration.module';
import { MetricsModule } from '../telemetry/metrics.module';
import { EpisodeLibrary } from './episode-library';

/** Provides the episodes of this server. */
@Module({
  imports: [AudioCacheModule, NarrationModule, MetricsModule],
  providers: [EpisodeLibrary],
  exports: [EpisodeLibrary, NarrationModule],
})
export class EpisodesModule {}
