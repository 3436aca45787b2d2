import { Module } from '@nestjs/common';
import { NarrationModule } from '../engines/narration/narration.module';
import { MetricsModule } from '../telemetry/metrics.module';
import { EpisodeLibrary } from './episode-library';

/** Provides the episodes of this server. */
@Module({ imports: [NarrationModule, MetricsModule], providers: [EpisodeLibrary], exports: [EpisodeLibrary, NarrationModule] })
export class EpisodesModule {}
