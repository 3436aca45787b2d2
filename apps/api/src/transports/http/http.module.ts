import { Module } from '@nestjs/common';
import { EpisodesModule } from '../../episodes/episodes.module';
import { LimitsModule } from '../limits/limits.module';
import { EpisodeFilesController } from './episode-files.controller';
import { NarrationOptionsController } from './narration-options.controller';
import { NarrationsController } from './narrations.controller';
import { ShowsController } from './shows.controller';

/** Provides the HTTP transport of episodes. The options come before `/api/narrations/:id`, which their address would match as well. */
@Module({
  imports: [LimitsModule, EpisodesModule],
  controllers: [NarrationOptionsController, NarrationsController, EpisodeFilesController, ShowsController],
})
export class EpisodeHttpModule {}
