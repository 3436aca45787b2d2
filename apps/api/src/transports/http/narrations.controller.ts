import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { EPISODE_SAMPLE_RATE_HZ, type EpisodePlan, type Episodes } from '@parley/episodes';
import type { Episode, EpisodePlan as WirePlan, EpisodeSegment, EpisodeSummary } from '@parley/protocol';
import { parseCreateEpisode, parseEditSegment, type ParsedBody } from '@parley/protocol/validation';
import type { HttpRequest, HttpResponse } from './http-exchange';
import { EpisodeLibrary } from '../../episodes/episode-library';
import { ApiException, notFound } from './api-error';
import { episodeEvents } from './episode-events';
import { toEpisode, toPlan, toRequest, toSegment, toSummary } from './episode-wire';
import { EpisodeAccessGuard } from './episode-access.guard';
import { OriginGuard } from './origin.guard';
import { sendEvents } from './send-events';
import { goneSignal, sendWav } from './send-wav';

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PAGE = 200;

/** Makes episodes, lists them, changes them and reports what becomes of them. */
@Controller('api/narrations')
@UseGuards(OriginGuard, EpisodeAccessGuard)
export class NarrationsController {
  constructor(@Inject(EpisodeLibrary) private readonly library: EpisodeLibrary) {}

  @Post()
  async create(
    @Body() body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<Episode | void> {
    const episodes = await this.library.episodes();
    const plan = await this.planned(episodes, body);
    if (plan.problems.length > 0) throw new ApiException(422, messageOf(plan), plan.problems);
    const { showId } = plan.episode;
    if (showId !== undefined && !(await episodes.store.show(showId))) throw new ApiException(422, 'There is no such show.');
    if (this.library.speechProblem !== undefined) throw new ApiException(503, this.library.speechProblem);
    const { id } = await episodes.create(plan);
    response.location(`/api/narrations/${id}`);
    if (request.accepts(['application/json', 'audio/wav']) !== 'audio/wav') return await this.whole(episodes, id);
    await this.sendAudio(episodes, id, response);
  }

  @Post('check')
  @HttpCode(200)
  async check(@Body() body: unknown): Promise<WirePlan> {
    return toPlan(await this.planned(await this.library.episodes(), body));
  }

  @Get()
  async list(@Query('after') after: unknown, @Res({ passthrough: true }) response: HttpResponse): Promise<EpisodeSummary[]> {
    const { store } = await this.library.episodes();
    const page = await store.episodes({ limit: PAGE, ...(typeof after === 'string' && { after }) }).catch(() => {
      throw new ApiException(400, 'after must be what the list before named.');
    });
    if (page.next !== undefined) response.links({ next: `/api/narrations?after=${encodeURIComponent(page.next)}` });
    return page.items.map(toSummary);
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<Episode> {
    return await this.whole(await this.library.episodes(), id);
  }

  @Get(':id/events')
  async events(@Param('id') id: string, @Res() response: HttpResponse): Promise<void> {
    const episodes = await this.library.episodes();
    await existing(episodes, id);
    const signal = goneSignal(response, this.library.ending);
    await this.library.answers.during(() => sendEvents(response, episodeEvents(episodes, id, signal), signal));
  }

  @Get(':id/stream')
  async stream(@Param('id') id: string, @Res() response: HttpResponse): Promise<void> {
    const episodes = await this.library.episodes();
    await existing(episodes, id);
    await this.sendAudio(episodes, id, response);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string): Promise<EpisodeSummary> {
    const episodes = await this.library.episodes();
    const summary = isId(id) ? await episodes.cancel(id) : undefined;
    if (!summary) throw notFound('episode');
    return toSummary(summary);
  }

  @Post(':id/resume')
  @HttpCode(200)
  async resume(@Param('id') id: string): Promise<EpisodeSummary> {
    const episodes = await this.library.episodes();
    const summary = isId(id) ? await episodes.resume(id) : undefined;
    if (!summary) throw notFound('episode');
    return toSummary(summary);
  }

  @Patch(':id/segments/:segmentId')
  async edit(@Param('id') id: string, @Param('segmentId') segmentId: string, @Body() body: unknown): Promise<EpisodeSegment> {
    const { text, voice_id, voice_settings } = bodyOf(parseEditSegment(body));
    const episodes = await this.library.episodes();
    const segment = isId(segmentId) && isId(id) ? await episodes.store.segment(segmentId) : undefined;
    if (segment?.episodeId !== id) throw notFound('segment');
    const change = { ...(text !== undefined && { text }), ...(voice_id !== undefined && { voiceId: voice_id }) };
    const problems = await episodes.checkEdit(segment, change);
    if (problems.length > 0) throw new ApiException(422, problems[0].message, problems);
    const settings = voice_settings && { settings: voice_settings };
    const edited = await episodes.editSegment(segmentId, { ...change, ...settings });
    if (!edited) throw notFound('segment');
    return toSegment(edited);
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id') id: string): Promise<void> {
    const episodes = await this.library.episodes();
    if (!isId(id) || !(await episodes.delete(id))) throw notFound('episode');
  }

  private async planned(episodes: Episodes, body: unknown): Promise<EpisodePlan> {
    return await episodes.plan(toRequest(bodyOf(parseCreateEpisode(body))));
  }

  private async whole(episodes: Episodes, id: string): Promise<Episode> {
    const episode = await existing(episodes, id);
    return toEpisode(episode, await episodes.store.segments(id));
  }

  private async sendAudio(episodes: Episodes, id: string, response: HttpResponse): Promise<void> {
    const signal = goneSignal(response, this.library.ending);
    await this.library.answers.during(() => sendWav(response, episodes.audio(id, signal), EPISODE_SAMPLE_RATE_HZ, signal));
  }
}

/** Whether it could be the id of a record: others are never looked for. */
export const isId = (id: string): boolean => ID.test(id);

export async function existing(episodes: Episodes, id: string) {
  const episode = isId(id) ? await episodes.store.episode(id) : undefined;
  if (!episode) throw notFound('episode');
  return episode;
}

function bodyOf<Body>(parsed: ParsedBody<Body>): Body {
  if (!parsed.ok) throw new ApiException(400, parsed.message);
  return parsed.body;
}

function messageOf({ problems: [first, ...others] }: EpisodePlan): string {
  const { line, column, message } = first;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `Line ${line}, column ${column}: ${message}${more}`;
}
