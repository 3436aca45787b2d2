import fc from 'fast-check';
import { parseRssFeed } from 'feedsmith';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { type FeedEpisode, type FeedShow } from './show';
import { showFeed, type ShowFeedOptions } from './show-feed';

const SCHEMA = readFileSync(join(__dirname, 'testing/podcast-feed.rng'), 'utf8');

const SHOW: FeedShow = {
  title: 'Das Gespräch',
  description: 'Zwei Stimmen, ein Thema.',
  language: 'de-DE',
  author: 'Anna Muster',
  explicit: false,
  categories: [{ name: 'Society & Culture', below: 'Documentary' }, { name: 'News' }],
  image: '/api/shows/42/cover.jpg',
};

const EPISODE: FeedEpisode = {
  guid: '5d4c1a52-6f0e-4b0f-9f0e-2f1f1c9d7a11',
  title: 'Über Flüsse',
  publishedAt: new Date('2026-11-30T05:40:00Z'),
  durationMs: 1_799_600,
  audio: { url: '/api/narrations/7/episode.mp3', bytes: 14_400_512 },
};

const FULL: ShowFeedOptions = {
  show: {
    ...SHOW,
    explicit: true,
    owner: { name: 'Anna Muster', email: 'anna@example.org' },
    copyright: '© 2026 Anna Muster',
    website: 'https://gespraech.example.org/?a=1&b=2',
    order: 'serial',
  },
  episodes: [
    {
      ...EPISODE,
      description: '<p>Von der Quelle\nbis zur Mündung</p>',
      website: '/episodes/7',
      image: '/api/narrations/7/cover.png',
      chapters: '/api/narrations/7/chapters.json',
      transcripts: [
        { url: '/api/narrations/7/captions.vtt', type: 'text/vtt', language: 'de-DE' },
        { url: '/api/narrations/7/captions.srt', type: 'application/x-subrip' },
      ],
      number: 7,
      season: 2,
    },
    { ...EPISODE, guid: 'second', publishedAt: new Date('2026-12-01T00:00:00Z') },
  ],
  baseUrl: 'https://example.org/parley',
  feed: '/api/shows/42/feed.xml',
};

const feed = (changes: Partial<ShowFeedOptions> = {}): Promise<string> =>
  showFeed({ ...FULL, show: SHOW, episodes: [EPISODE], ...changes });

const problemsOf = async (...feeds: readonly string[]): Promise<string[]> => {
  const xml = feeds.map((contents, i) => ({ fileName: `${i}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema: SCHEMA, extension: 'relaxng' });
  return errors.map(({ message }) => message);
};

describe('showFeed', () => {
  it('is valid by the rules of RSS, Apple and the podcast namespace, with all that it can say', async () => {
    expect(await problemsOf(await showFeed(FULL))).toEqual([]);
  });

  it('is valid with as little as a show and an episode must have, and without episodes', async () => {
    expect(await problemsOf(await feed())).toEqual([]);
    expect(await problemsOf(await feed({ episodes: [] }))).toEqual([]);
  });

  it.each([
    ['the enclosure', /<enclosure[^>]*>/],
    ['the length of the enclosure', / length="\d+"/],
    ['the guid of the episode', /<guid[^]*?<\/guid>/],
    ['the picture of the show', /<itunes:image[^>]*>/],
    ['the guid of the show', /<podcast:guid>[^]*?<\/podcast:guid>/],
    ['the type of a transcript', / type="text\/vtt"/],
  ])('would be found invalid without %s', async (_, part) => {
    const whole = await showFeed(FULL);
    const xml = whole.replace(part, '');
    expect(xml).not.toBe(whole);
    expect(await problemsOf(xml)).not.toEqual([]);
  });

  it('is read by a feed reader as it was meant', async () => {
    const { title, link, language, atom, itunes, podcast, items } = parseRssFeed(await showFeed(FULL));
    expect({ title, link, language }).toEqual({ title: SHOW.title, link: FULL.show.website, language: 'de-DE' });
    expect(atom?.links).toEqual([{ href: 'https://example.org/parley/api/shows/42/feed.xml', rel: 'self', type: 'application/rss+xml' }]);
    expect(itunes).toMatchObject({
      author: 'Anna Muster',
      explicit: true,
      type: 'serial',
      image: 'https://example.org/parley/api/shows/42/cover.jpg',
      categories: [{ text: 'Society & Culture', categories: [{ text: 'Documentary' }] }, { text: 'News' }],
      owner: { name: 'Anna Muster', email: 'anna@example.org' },
    });
    expect(podcast).toMatchObject({ medium: 'podcast', locked: { value: false, owner: 'anna@example.org' } });
    expect(items?.map(({ guid }) => guid)).toEqual([
      { value: 'second', isPermaLink: false },
      { value: EPISODE.guid, isPermaLink: false },
    ]);
    expect(items?.[1]).toMatchObject({
      title: 'Über Flüsse',
      description: '<p>Von der Quelle\nbis zur Mündung</p>',
      link: 'https://example.org/parley/episodes/7',
      pubDate: 'Mon, 30 Nov 2026 05:40:00 GMT',
      enclosures: [{ url: 'https://example.org/parley/api/narrations/7/episode.mp3', length: 14_400_512, type: 'audio/mpeg' }],
      itunes: { duration: 1800, episode: 7, season: 2, image: 'https://example.org/parley/api/narrations/7/cover.png' },
      podcast: {
        chapters: { url: 'https://example.org/parley/api/narrations/7/chapters.json', type: 'application/json+chapters' },
        transcripts: [
          { url: 'https://example.org/parley/api/narrations/7/captions.vtt', type: 'text/vtt', language: 'de-DE', rel: 'captions' },
          { url: 'https://example.org/parley/api/narrations/7/captions.srt', type: 'application/x-subrip', rel: 'captions' },
        ],
        episode: { number: 7 },
        season: { number: 2 },
      },
    });
  });

  it.each([
    ['a CDATA end', 'a ]]> b'],
    ['markup', '<script>alert(1)</script> & </title></channel>'],
    ['an element of the feed', '<itunes:explicit>no</itunes:explicit> <![CDATA[ x ]]>'],
    ['a processing instruction', '<?xml version="1.0"?> &lt; &#0; "\''],
    ['other scripts', '日本語 🐟 العربية é'],
  ])('shows a title with %s as it is', async (_, title) => {
    const xml = await feed({ show: { ...SHOW, title }, episodes: [{ ...EPISODE, title }] });
    expect(await problemsOf(xml)).toEqual([]);
    const read = parseRssFeed(xml);
    expect(read.title).toBe(title);
    expect(read.items?.[0].title).toBe(title);
    expect(read.itunes?.explicit).toBe(false);
  });

  it('leaves out what XML cannot contain', async () => {
    const xml = await feed({ show: { ...SHOW, title: 'a\u0000b\u001bc\ud800d\uffff\n e' } });
    expect(await problemsOf(xml)).toEqual([]);
    expect(parseRssFeed(xml).title).toBe('abcd e');
  });

  it('is well-formed whatever the texts', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).map((any) => `x${any}`);
    const xmls = fc
      .sample(fc.tuple(text, text, text), 30)
      .map(([title, description, author]) =>
        feed({ show: { ...SHOW, title, description, author }, episodes: [{ ...EPISODE, title: description, description: title }] }),
      );
    expect(await problemsOf(...(await Promise.all(xmls)))).toEqual([]);
  });

  it('refuses an address that an app would not fetch', async () => {
    const website = feed({ show: { ...SHOW, website: 'javascript:alert(1)' } });
    await expect(website).rejects.toThrow('"javascript:alert(1)" is not an HTTP address');
    await expect(feed({ baseUrl: '/parley' })).rejects.toThrow('"/parley" is not an HTTP address');
  });
});
