import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { type Episodes, type EpisodeSummary, type FeedEpisode, showFeed } from '@parley/episodes';
import type { Show, ShowDetails } from '@parley/protocol';
import { parseShowDetails } from '@parley/protocol/validation';
import type { HttpRequest, HttpResponse } from './http-exchange';
import { EpisodeLibrary } from '../../episodes/episode-library';
import { ClientAddress } from '../client-address/client-address';
import { ApiException, notFound } from './api-error';
import { toShow, toShowDetails } from './episode-wire';
import { isId } from './narrations.controller';
import { EpisodeAccessGuard } from './episode-access.guard';
import { OriginGuard } from './origin.guard';

const PAGE = 200;
/** Podcast apps read no more. */
const MOST_IN_FEED = 1_000;

/** Shows, which are what podcast apps subscribe to. */
@Controller('api/shows')
@UseGuards(OriginGuard, EpisodeAccessGuard)
export class ShowsController {
  constructor(
    @Inject(EpisodeLibrary) private readonly library: EpisodeLibrary,
    @Inject(ClientAddress) private readonly addresses: ClientAddress,
  ) {}

  @Get()
  async list(): Promise<Show[]> {
    const { store } = await this.library.episodes();
    return (await store.shows({ limit: PAGE })).items.map(toShow);
  }

  @Post()
  async create(@Body() body: unknown): Promise<Show> {
    const { store } = await this.library.episodes();
    return toShow(await store.createShow(toShowDetails(detailsOf(body))));
  }

  @Put(':id')
  async update(@Param('id') id: string, @Body() body: unknown): Promise<Show> {
    const details = toShowDetails(detailsOf(body));
    const { store } = await this.library.episodes();
    const show = isId(id) ? await store.updateShow(id, details) : undefined;
    if (!show) throw notFound('show');
    return toShow(show);
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id') id: string): Promise<void> {
    const { store } = await this.library.episodes();
    if (!isId(id) || !(await store.deleteShow(id))) throw notFound('show');
  }

  @Get(':id/feed.xml')
  async feed(@Param('id') id: string, @Req() request: HttpRequest, @Res() response: HttpResponse): Promise<void> {
    const episodes = await this.library.episodes();
    const show = isId(id) ? await episodes.store.show(id) : undefined;
    if (!show) throw notFound('show');
    const xml = await showFeed({
      show: {
        ...{ title: show.title, description: show.description, language: show.language, author: show.author },
        explicit: show.explicit ?? false,
        ...(show.category !== undefined && { categories: [{ name: show.category }] }),
        ...(show.imageUrl !== undefined && { image: show.imageUrl }),
        ...(show.link !== undefined && { website: show.link }),
      },
      episodes: await feedEpisodes(episodes, id, show.language),
      baseUrl: `${this.addresses.schemeOf(request)}://${request.headers.host ?? 'localhost'}/`,
      feed: `/api/shows/${id}/feed.xml`,
    });
    response.set({ 'Content-Type': 'application/rss+xml; charset=utf-8', 'Cache-Control': 'no-cache' }).send(xml);
  }
}

function detailsOf(body: unknown): ShowDetails {
  const parsed = parseShowDetails(body);
  if (!parsed.ok) throw new ApiException(400, parsed.message);
  return parsed.body;
}

async function feedEpisodes({ store }: Episodes, showId: string, language: string): Promise<FeedEpisode[]> {
  const found: FeedEpisode[] = [];
  for (let after: string | undefined; found.length < MOST_IN_FEED;) {
    const page = await store.episodes({ showId, limit: PAGE, ...(after !== undefined && { after }) });
    found.push(...page.items.flatMap((episode) => feedEpisode(episode, language)));
    after = page.next;
    if (after === undefined) break;
  }
  return found;
}

/** Episodes that were never put together are not in the feed. */
function feedEpisode({ id, title, description, createdAtMs, output }: EpisodeSummary, language: string): FeedEpisode[] {
  if (output?.bytesMp3 === undefined) return [];
  const address = `/api/narrations/${id}`;
  return [
    {
      ...{ guid: id, title, durationMs: output.durationMs, publishedAt: new Date(createdAtMs) },
      ...(description !== undefined && { description }),
      audio: { url: `${address}/audio?format=mp3`, bytes: output.bytesMp3 },
      transcripts: [
        { url: `${address}/captions.vtt`, type: 'text/vtt', language },
        { url: `${address}/captions.srt`, type: 'application/x-subrip', language },
      ],
      chapters: `${address}/chapters.json`,
    },
  ];
}
