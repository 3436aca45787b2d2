import { basename, dirname } from 'node:path';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { CHAPTERS_TYPE, type EpisodeFile } from '@parley/episodes';
import { EPISODE_FORMATS } from '@parley/protocol';
import type { HttpResponse } from './http-exchange';
import { EpisodeLibrary } from '../../episodes/episode-library';
import { ApiException, notFound } from './api-error';
import { existing } from './narrations.controller';

const TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg', vtt: 'text/vtt; charset=utf-8', srt: 'application/x-subrip', chapters: CHAPTERS_TYPE };
const ENDINGS = { wav: 'wav', mp3: 'mp3', vtt: 'vtt', srt: 'srt', chapters: 'chapters.json' };

/** Serves the files of an episode that was put together, with range requests. */
@Controller('api/narrations/:id')
export class EpisodeFilesController {
  constructor(@Inject(EpisodeLibrary) private readonly library: EpisodeLibrary) {}

  @Get('audio')
  async audio(@Param('id') id: string, @Query('format') format: unknown, @Res() response: HttpResponse): Promise<void> {
    const type = format === undefined ? 'mp3' : EPISODE_FORMATS.find((known) => known === format);
    if (!type) throw new ApiException(400, `format must be one of: ${EPISODE_FORMATS.join(', ')}.`);
    await this.send(id, type, response);
  }

  @Get('captions.vtt')
  async webVtt(@Param('id') id: string, @Res() response: HttpResponse): Promise<void> {
    await this.send(id, 'vtt', response);
  }

  @Get('captions.srt')
  async subRip(@Param('id') id: string, @Res() response: HttpResponse): Promise<void> {
    await this.send(id, 'srt', response);
  }

  @Get('chapters.json')
  async chapters(@Param('id') id: string, @Res() response: HttpResponse): Promise<void> {
    await this.send(id, 'chapters', response);
  }

  private async send(id: string, type: keyof typeof TYPES & EpisodeFile['type'], response: HttpResponse): Promise<void> {
    const episodes = await this.library.episodes();
    const { title } = await existing(episodes, id);
    const found = await episodes.files.find(id, { type });
    if (!found) throw new ApiException(404, 'The episode has not been put together yet.');
    const name = `${title.replace(/[^\p{L}\p{M}\p{N} _-]/gu, '').trim() || 'episode'}.${ENDINGS[type]}`;
    const headers = {
      'Content-Type': TYPES[type],
      // An edit makes another file under the same address.
      'Cache-Control': 'no-cache',
      'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(name)}`,
    };
    await new Promise<void>((resolve, reject) => {
      const options = { root: dirname(found.path), headers, cacheControl: false };
      response.sendFile(basename(found.path), options, (error: Error | undefined) => {
        // A client that has gone is no mistake, and an answer that was begun cannot become another one.
        if (!error || response.headersSent) resolve();
        else reject(statusOf(error) === 416 ? error : notFound('file'));
      });
    });
  }
}

const statusOf = (error: Error): unknown => ('status' in error ? error.status : undefined);
