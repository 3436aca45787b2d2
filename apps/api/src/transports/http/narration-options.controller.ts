import { Controller, Get, HttpCode, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import { EPISODE_SAMPLE_RATE_HZ } from '@parley/episodes';
import { modelFor, NARRATION_PURPOSES, SCRIPT_MAX_CHARACTERS, SEGMENT_MAX_CHARACTERS } from '@parley/narration';
import { EPISODE_FORMATS, type NarrationOptions, type NarrationPurpose } from '@parley/protocol';
import { MAX_SPEAKERS } from '@parley/protocol/validation';
import type { NarrationProvider } from '@parley/providers';
import type { HttpResponse } from './http-exchange';
import {
  NARRATION_DEFAULTS,
  NARRATION_PROVIDER,
  type NarrationDefaults,
  type Settings,
  SETTINGS,
  type StageProvider,
} from '@parley/server';
import { EpisodeLibrary } from '../../episodes/episode-library';
import { notFound } from './api-error';
import { EpisodeAccessGuard } from './episode-access.guard';
import { OriginGuard } from './origin.guard';
import { goneSignal, sendWav } from './send-wav';

/** Serves what the studio offers: voices with a preview, models and limits. */
@Controller('api')
@UseGuards(OriginGuard, EpisodeAccessGuard)
export class NarrationOptionsController {
  constructor(
    @Inject(EpisodeLibrary) private readonly library: EpisodeLibrary,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'episodes'>,
    @Inject(NARRATION_PROVIDER) private readonly stage: StageProvider<NarrationProvider>,
    @Inject(NARRATION_DEFAULTS) private readonly defaults: NarrationDefaults,
  ) {}

  @Get('narrations/options')
  async options(): Promise<NarrationOptions> {
    const episodes = await this.library.episodes();
    const models = await episodes.models();
    const { name, simulated } = this.stage.port.info;
    const { price } = this.settings.episodes;
    return {
      provider: { name, simulated },
      voices: ((await episodes.voices()) ?? []).map((voice) => ({ id: voice.id, name: voice.name })),
      default_voice_id: this.defaults.voiceId,
      models: models.map((model) => ({
        ...{ id: model.id, name: model.name, max_characters: model.maxCharacters, cost_factor: model.costFactor },
        ...{ streams_text: model.streamsText, speaks_dialogue: model.speaksDialogue },
      })),
      purposes: Object.fromEntries(NARRATION_PURPOSES.map((purpose) => [purpose, modelFor(purpose, models)])) as Record<
        NarrationPurpose,
        string
      >,
      formats: [...EPISODE_FORMATS],
      limits: { script_characters: SCRIPT_MAX_CHARACTERS, segment_characters: SEGMENT_MAX_CHARACTERS, speakers: MAX_SPEAKERS },
      ...(price && { price: { per_1000_characters: price.amount, currency: price.currency } }),
    };
  }

  /** A short sentence, which is spoken once and kept in the audio cache. */
  @Post('voices/:id/preview')
  @HttpCode(200)
  async preview(@Param('id') id: string, @Res() response: HttpResponse): Promise<void> {
    const episodes = await this.library.episodes();
    const voices = await episodes.voices();
    const voice = voices?.find((known) => known.id === id);
    if (!voice && id !== this.defaults.voiceId) throw notFound('voice');
    const signal = goneSignal(response, this.library.ending);
    const audio = episodes.preview(id, voice?.name, signal);
    await this.library.answers.during(() => sendWav(response, audio, EPISODE_SAMPLE_RATE_HZ, signal));
  }
}
