import { Module } from '@nestjs/common';
import { ClientAddressModule } from '../client-address/client-address.module';
import { SessionTokensModule } from '../session-tokens/session-tokens.module';
import { EpisodesModule } from '../../episodes/episodes.module';
import { EpisodeFilesController } from './episode-files.controller';
import { NarrationOptionsController } from './narration-options.controller';
import { NarrationsController } from './narrations.controller';
import { ShowsController } from './shows.controller';

/** Provides the HTTP transport of episodes. The options come before `/api/narrations/:id`, which their address would match as well. */
@Module({
  imports: [ClientAddressModule, EpisodesModule, SessionTokensModule],
  controllers: [NarrationOptionsController, NarrationsController, EpisodeFilesController, ShowsController],
})
export class EpisodeHttpModule {}
