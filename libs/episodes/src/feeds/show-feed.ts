import type { RssFeed } from 'feedsmith';
import { Addresses } from './addresses';
import { CHAPTERS_TYPE } from './chapters-json';
import { type FeedEpisode, type FeedShow } from './show';
import { showGuid } from './show-guid';
import { xmlLine, xmlText } from './xml-text';

export interface ShowFeedOptions {
  readonly show: FeedShow;
  /** In any order: the feed has the newest first. */
  readonly episodes: readonly FeedEpisode[];
  /** Where the server is reached from outside, maybe below a path, e.g. `https://example.org/parley/`. */
  readonly baseUrl: string;
  /** Where the feed itself is, e.g. `/api/shows/42/feed.xml`. */
  readonly feed: string;
}

/**
 * The feed of a show: RSS 2.0 with the namespaces of iTunes and Podcasting 2.0. All addresses in it are absolute.
 *
 * @throws RangeError when an address is no HTTP address.
 */
export async function showFeed({ show, episodes, baseUrl, feed }: ShowFeedOptions): Promise<string> {
  // Few servers are asked for a feed, and the library takes 90 ms and 22 MB.
  const { generateRssFeed } = await import('feedsmith');
  const addresses = new Addresses(baseUrl);
  const newestFirst = episodes.toSorted((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
  const items = newestFirst.map((episode) => itemOf(episode, addresses));
  return tidied(generateRssFeed({ ...channelOf(show, addresses, addresses.absolute(feed)), items }, { strict: true }));
}

function channelOf(show: FeedShow, addresses: Addresses, feedUrl: string): RssFeed.Feed<Date, true> {
  const title = xmlLine(show.title);
  const author = xmlLine(show.author);
  const link = show.website === undefined ? addresses.base : addresses.absolute(show.website);
  const image = show.image === undefined ? undefined : addresses.absolute(show.image);
  const owner = show.owner && { name: xmlLine(show.owner.name), email: xmlLine(show.owner.email) };
  const categories = show.categories?.map(({ name, below }) => ({
    text: xmlLine(name),
    ...(below !== undefined && { categories: [{ text: xmlLine(below) }] }),
  }));
  return {
    title,
    link,
    description: xmlText(show.description),
    language: xmlLine(show.language),
    copyright: show.copyright === undefined ? undefined : xmlLine(show.copyright),
    generator: 'Parley',
    image: image === undefined ? undefined : { url: image, title, link },
    atom: { links: [{ href: feedUrl, rel: 'self', type: 'application/rss+xml' }] },
    itunes: { author, image, categories, explicit: show.explicit, type: show.order ?? 'episodic', owner },
    podcast: { guid: show.guid ?? showGuid(feedUrl), medium: 'podcast', locked: { value: false, owner: owner?.email } },
  };
}

function itemOf(episode: FeedEpisode, addresses: Addresses): RssFeed.Item<Date, true> {
  const { audio, transcripts = [], chapters, image, website, number, season } = episode;
  return {
    title: xmlLine(episode.title),
    description: episode.description === undefined ? undefined : xmlText(episode.description),
    link: website === undefined ? undefined : addresses.absolute(website),
    guid: { value: xmlLine(episode.guid), isPermaLink: false },
    pubDate: episode.publishedAt,
    enclosures: [{ url: addresses.absolute(audio.url), length: audio.bytes, type: audio.type ?? 'audio/mpeg' }],
    itunes: {
      title: xmlLine(episode.title),
      duration: Math.round(episode.durationMs / 1000),
      image: image === undefined ? undefined : addresses.absolute(image),
      episode: number,
      season,
      episodeType: 'full',
    },
    podcast: {
      transcripts: transcripts.map(({ url, type, language }) => ({ url: addresses.absolute(url), type, language, rel: 'captions' })),
      chapters: chapters === undefined ? undefined : { url: addresses.absolute(chapters), type: CHAPTERS_TYPE },
      episode: number === undefined ? undefined : { number },
      season: season === undefined ? undefined : { number: season },
    },
  };
}

/**
 * The library puts white space around sections of escaped text, and writes `yes` and `no` where Apple's table has `true` and `false` today.
 * Sections are matched first, so that nothing inside them is taken for an element.
 */
function tidied(xml: string): string {
  const SECTIONS_OR_EXPLICIT = /\s*((?:<!\[CDATA\[[^]*?\]\]>)+)\s*|(?<=<itunes:explicit>)(yes|no)(?=<)/g;
  return xml.replace(SECTIONS_OR_EXPLICIT, (_, sections: string | undefined, explicit: string) => sections ?? String(explicit === 'yes'));
}
