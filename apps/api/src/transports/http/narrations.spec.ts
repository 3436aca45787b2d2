import { rm } from 'node:fs/promises';
import { parseWav } from '@parley/audio';
import { FakeProviders } from '@parley/engine/testing';
import type { ApiError, CreateEpisode, EpisodeEvent, EpisodeSegment, EpisodeSummary, NarrationOptions, Show } from '@parley/protocol';
import { FakeNarration } from '@parley/testing';
import { EpisodeClient } from '@parley/testing/client';

import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../../testing/test-server';

const SCRIPT = '# Morning\n\nHOST: It rained all day in the town.\n\nGUEST: And all night, too.\n\n# Evening\n\nHOST: Then it stopped.\n';
const EPISODE: CreateEpisode = {
  title: 'Rain',
  script: SCRIPT,
  speakers: { HOST: { voice_id: 'anna' }, GUEST: { voice_id: 'ben' } },
};
const NO_EPISODE = '00000000-0000-4000-8000-000000000000';

describe('the API of episodes', () => {
  const settings = testSettings({ ALLOWED_ORIGINS: 'https://app.example' });
  let logger: RecordingLogger;
  let narration: FakeNarration;
  let server: TestServer;
  let client: EpisodeClient;

  async function start(provider = new FakeNarration(), own = settings): Promise<void> {
    narration = provider;
    server = await TestServer.start(new FakeProviders().asProviders(), logger, own, { narration });
    client = new EpisodeClient(server.origin);
  }

  beforeEach(() => void (logger = RecordingLogger.install()));
  afterEach(async () => {
    await server.close();
    logger.restore();
    await rm(settings.episodes.dataDir, { recursive: true, force: true });
  });

  it('makes an episode of a script, and serves its files', async () => {
    await start();
    const created = await client.create(EPISODE);
    expect(created).toMatchObject({ title: 'Rain', format: 'screenplay', seed: 1, segments: [{ line: 3 }, { line: 5 }, { line: 9 }] });
    const done = await client.reaches(created.id, 'completed');
    expect(done.segments.map(({ state, voice_id }) => [state, voice_id])).toEqual([
      ['done', 'anna'],
      ['done', 'ben'],
      ['done', 'anna'],
    ]);
    expect(done.chapters).toEqual([
      { title: 'Morning', segment: 0, start_ms: 0 },
      { title: 'Evening', segment: 2, start_ms: done.segments[2].start_ms },
    ]);
    expect(Math.abs((done.output?.loudness_lufs ?? 0) + 16)).toBeLessThanOrEqual(0.5);
    for (const decibels of [done.output?.loudness_lufs, done.output?.true_peak_dbtp])
      expect(String(decibels)).toMatch(/^-\d+(\.\d{1,2})?$/);

    const wav = await client.request('GET', `/narrations/${done.id}/audio?format=wav`);
    expect(wav.headers.get('content-type')).toBe('audio/wav');
    const sound = parseWav(new Uint8Array(await wav.arrayBuffer()));
    if (!sound.ok) throw new Error(sound.error);
    expect((sound.pcm.length * 1_000) / 24_000).toBeCloseTo(done.output?.duration_ms ?? 0);
    const mp3 = await client.request('GET', `/narrations/${done.id}/audio`, undefined, { range: 'bytes=0-2' });
    expect([mp3.status, await mp3.text(), mp3.headers.get('accept-ranges')]).toEqual([206, 'ID3', 'bytes']);
    const head = await client.request('HEAD', `/narrations/${done.id}/audio?format=mp3`);
    const bytes = done.output?.files.find(({ format }) => format === 'mp3')?.bytes;
    expect(head.headers.get('content-length')).toBe(String(bytes));
    for (const [file, type, text] of [
      ['captions.vtt', 'text/vtt', 'WEBVTT'],
      ['captions.srt', 'application/x-subrip', '-->'],
      ['chapters.json', 'application/json+chapters', 'Evening'],
    ]) {
      const answer = await client.request('GET', `/narrations/${done.id}/${file}`);
      expect(answer.headers.get('content-type')).toContain(type);
      expect(await answer.text()).toContain(text);
    }
  });

  it('reports each segment and each state as it comes, and then the whole episode', async () => {
    let goOn: () => void = () => undefined;
    const until = new Promise<void>((resolve) => (goOn = resolve));
    await start(new FakeNarration({ until: () => until }));
    const { id } = await client.create(EPISODE);
    const events: EpisodeEvent[] = [];
    for await (const event of client.events(id)) {
      if (events.push(event) === 1) goOn();
      if (event.type === 'state' && event.state === 'completed') break;
    }
    expect(events[0]).toMatchObject({ type: 'episode', episode: { id, progress: { done: 0, total: 3 } } });
    const done = events.flatMap((event) => (event.type === 'segment' && event.segment.state === 'done' ? event.segment.index : []));
    expect([...new Set(done)].sort()).toEqual([0, 1, 2]);
    expect(events.at(-1)).toMatchObject({ type: 'state', state: 'completed', output: { files: [{ format: 'wav' }, { format: 'mp3' }] } });
    expect(events.at(-2)).toMatchObject({ type: 'episode', episode: { state: 'completed', segments: [{ start_ms: 0 }, {}, {}] } });
  });

  it('sends the audio as it is made, also as the answer to the request that makes it', async () => {
    await start();
    const answer = await client.request('POST', '/narrations', EPISODE, { accept: 'audio/wav' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    const id = answer.headers.get('location')?.split('/').at(-1) ?? '';
    const sent = await answer.arrayBuffer();
    const stream = await client.request('GET', `/narrations/${id}/stream`);
    expect(Buffer.from(await stream.arrayBuffer()).equals(Buffer.from(sent))).toBe(true);
    const { output } = await client.reaches(id, 'completed');
    expect(((sent.byteLength - 44) / 2 / 24_000) * 1_000).toBeCloseTo(output?.duration_ms ?? 0);
  });

  it.each<[string, CreateEpisode, Partial<ApiError['problems']>]>([
    ['an empty script', { script: ' \n' }, [{ line: 1, column: 1, message: expect.stringContaining('no text') }]],
    [
      'a script that is too long',
      { script: `Hello.\n${'x'.repeat(100_000)}` },
      [{ line: 2, column: expect.any(Number), message: expect.stringContaining('too long') }],
    ],
    [
      'an unknown voice',
      { script: 'Hello.\n\nHello.', voice_id: 'nobody' },
      [{ line: 1, column: 1, message: expect.stringContaining('nobody') }],
    ],
    ['a control character', { script: 'Hello.\n\nBad\u0007.' }, [{ line: 3, column: 4, message: expect.stringContaining('U+0007') }]],
    [
      'markup that is not closed',
      { script: 'Hello.\n\nNow [pause 1s' },
      [{ line: 3, column: 5, message: expect.stringContaining('not closed') }],
    ],
    [
      'a speaker without a voice',
      { script: 'HOST: Hello.\n\nGUEST: Hello.\n\nHOST: Bye.', speakers: { HOST: { voice_id: 'anna' } } },
      [{ line: 3, column: 1, message: expect.stringContaining('GUEST') }],
    ],
    [
      'a mistake in one of several segments',
      { segments: [{ text: 'Hello.' }, { text: 'One\nBad\u0007.' }] },
      [{ line: 4, column: 4, message: expect.stringContaining('U+0007') }],
    ],
    [
      'a model that does not fit',
      { script: 'Hello.', purpose: 'live', model: 'eleven_v3' },
      [{ line: 1, column: 1, message: expect.stringContaining('Use "eleven_flash_v2_5"') }],
    ],
    ['an unknown model', { script: 'Hello.', model: 'eleven_v9' }, [{ line: 1, column: 1, message: expect.stringContaining('no model') }]],
  ])('refuses %s at its place, and asks the vendor for nothing', async (_, body, problems) => {
    await start();
    const { status, body: error } = await client.json<ApiError>('POST', '/narrations', body);
    expect([status, error.problems]).toEqual([422, problems]);
    const check = await client.json<ApiError>('POST', '/narrations/check', body);
    expect([check.status, check.body.problems]).toEqual([200, problems]);
    expect(narration.requests).toEqual([]);
    expect((await client.json('GET', '/narrations')).body).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no body', undefined, 'either script or segments'],
    ['a list', [], 'JSON object'],
    ['neither a script nor segments', {}, 'either script or segments'],
    ['both', { script: 'a', segments: [{ text: 'a' }] }, 'either script or segments'],
    ['a voice that is a path', { script: 'a', voice_id: '../x' }, 'voice_id'],
    ['a segment that is a text', { segments: ['a'] }, 'segments'],
    ['a segment with a wrong voice', { segments: [{ text: 'a', voice_id: 7 }] }, 'voice_id'],
    ['too many segments', { segments: Array(2_001).fill({ text: 'a' }) }, 'segments'],
    ['a speaker without a voice id', { script: 'a', speakers: { A: {} } }, 'speakers'],
    ['a pronunciation in two ways', { script: 'a', pronunciations: [{ word: 'a', spelling: 'b', ipa: 'c' }] }, 'either spelling or ipa'],
    ['a seed that is none', { script: 'a', seed: -1 }, 'seed'],
    ['a pause that is too long', { script: 'a', pauses: { between_segments_ms: 1e9 } }, 'between_segments_ms'],
  ])('refuses %s with the name of the field', async (_, body, words) => {
    await start();
    const { status, body: error } = await client.json<ApiError>('POST', '/narrations', body);
    expect([status, error.message]).toEqual([400, expect.stringContaining(words)]);
    expect(narration.requests).toEqual([]);
  });

  it('makes none where other processes serve the same port and cannot know of them', async () => {
    await start(undefined, testSettings({ SERVER_PROCESSES: '2' }));
    const answers = [await client.request('POST', '/narrations', EPISODE), await client.request('GET', '/narrations')];
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(((await answers[0].json()) as ApiError).message).toContain('REDIS_URL');
  });

  it('refuses a body that is too large or no JSON in plain words', async () => {
    await start();
    const large = await client.json<ApiError>('POST', '/narrations', { script: 'x'.repeat(1_000_000) });
    expect([large.status, large.body]).toEqual([413, { message: expect.stringContaining('1 MB') }]);
    const broken = await fetch(`${server.origin}/api/narrations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"script":',
    });
    expect([broken.status, await broken.json()]).toEqual([400, { message: expect.stringContaining('valid JSON') }]);
  });

  it('lets only its own page and those that are listed change something', async () => {
    await start();
    const post = (origin: string) => client.request('POST', '/narrations', EPISODE, { origin });
    const refused = await post('https://evil.example');
    expect([refused.status, await refused.json()]).toEqual([403, { message: expect.stringContaining('ALLOWED_ORIGINS') }]);
    expect((await post('https://app.example')).status).toBe(201);
    expect((await post(server.origin)).status).toBe(201);
    for (const [method, path] of [
      ['DELETE', `/narrations/${NO_EPISODE}`],
      ['PATCH', `/narrations/${NO_EPISODE}/segments/${NO_EPISODE}`],
      ['POST', `/voices/anna/preview`],
      ['PUT', `/shows/${NO_EPISODE}`],
    ])
      expect((await client.request(method, path, {}, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it.each(['..%2f..%2fetc%2fpasswd', '%00', 'x'.repeat(2_000), NO_EPISODE.toUpperCase(), NO_EPISODE])(
    'finds nothing under the id %j',
    async (id) => {
      await start();
      for (const path of ['', '/events', '/stream', '/audio', '/captions.vtt', '/chapters.json'])
        expect((await client.request('GET', `/narrations/${id}${path}`)).status).toBe(404);
      expect((await client.request('DELETE', `/narrations/${id}`)).status).toBe(404);
      expect((await client.request('POST', `/narrations/${id}/cancel`)).status).toBe(404);
      expect((await client.request('PATCH', `/narrations/${id}/segments/${id}`, { text: 'a' })).status).toBe(404);
      expect((await client.request('GET', `/shows/${id}/feed.xml`)).status).toBe(404);
    },
  );

  it('renders one segment again that was edited, and refuses an edit with a mistake', async () => {
    await start();
    const { id, segments } = await client.create(EPISODE);
    await client.reaches(id, 'completed');
    const edit = (body: unknown) => client.json<ApiError>('PATCH', `/narrations/${id}/segments/${segments[1].id}`, body);
    expect(await edit({ text: 'Bad\u0007.' })).toMatchObject({ status: 422, body: { problems: [{ line: 1, column: 4 }] } });
    expect(await edit({})).toMatchObject({ status: 400 });
    expect(await edit({ text: '' })).toMatchObject({ status: 422 });
    expect(await edit({ voice_id: 'nobody' })).toMatchObject({ status: 422 });
    expect(await edit({ text: 'One.\n\nTwo.' })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('one paragraph') },
    });
    expect(narration.requests).toHaveLength(3);
    const { status, body } = await client.json<EpisodeSegment>('PATCH', `/narrations/${id}/segments/${segments[1].id}`, {
      voice_id: 'anna',
    });
    expect([status, body.voice_id, body.state]).toEqual([200, 'anna', 'waiting']);
    await client.reaches(id, 'completed');
    expect(narration.texts.slice(3)).toEqual(['And all night, too.']);
  });

  it('cancels, goes on and deletes', async () => {
    let isSlow = true;
    await start(new FakeNarration({ until: ({ text }) => (isSlow && text.startsWith('Then') ? new Promise(() => undefined) : undefined) }));
    const { id } = await client.create(EPISODE);
    await narration.when((requests) => requests.filter(({ outcome }) => outcome === 'done').length === 2);
    const cancelled = await client.json<EpisodeSummary>('POST', `/narrations/${id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    await narration.when((requests) => requests.every(({ outcome }) => outcome !== 'open'));
    isSlow = false;
    expect((await client.request('POST', `/narrations/${id}/resume`)).status).toBe(200);
    await client.reaches(id, 'completed');
    expect((await client.request('DELETE', `/narrations/${id}`)).status).toBe(204);
    expect((await client.request('GET', `/narrations/${id}`)).status).toBe(404);
    expect((await client.json('GET', '/narrations')).body).toEqual([]);
  });

  it('says what the studio offers, and lets a voice be heard', async () => {
    await start();
    const { body } = await client.json<NarrationOptions>('GET', '/narrations/options');
    expect(body).toMatchObject({
      voices: [
        { id: 'anna', name: 'Anna' },
        { id: 'ben', name: 'Ben' },
      ],
      purposes: { live: 'eleven_flash_v2_5', balanced: 'eleven_multilingual_v2', multispeaker: 'eleven_v3' },
      limits: { script_characters: 100_000, segment_characters: 1_500 },
    });
    for (let time = 0; time < 2; time++) {
      const preview = await client.request('POST', '/voices/ben/preview');
      expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'audio/wav']);
      expect((await preview.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    }
    expect(narration.texts).toEqual(['Hello, I am Ben. This is how I sound.']);
    expect((await client.request('POST', '/voices/nobody/preview')).status).toBe(404);
  });

  it('has shows with a feed of their episodes', async () => {
    await start();
    const details = { title: 'The weather', description: 'Rain.', author: 'Anna', language: 'en' };
    const { status, body: show } = await client.json<Show>('POST', '/shows', details);
    expect([status, show]).toEqual([201, { ...details, id: expect.any(String), created_at: expect.any(String), episodes: 0 }]);
    const { id } = await client.create({ ...EPISODE, show_id: show.id });
    await client.reaches(id, 'completed');
    const feed = await client.request('GET', `/shows/${show.id}/feed.xml`);
    expect(feed.headers.get('content-type')).toContain('application/rss+xml');
    expect(await feed.text()).toContain(`${server.origin}/api/narrations/${id}/audio?format=mp3`);
    expect((await client.json<Show>('PUT', `/shows/${show.id}`, { ...details, title: 'Snow' })).body.title).toBe('Snow');
    expect((await client.json('POST', '/shows', { title: '' })).status).toBe(400);
    expect((await client.request('DELETE', `/shows/${show.id}`)).status).toBe(204);
    expect((await client.json('GET', '/shows')).body).toEqual([]);
    expect((await client.json<EpisodeSummary[]>('GET', '/narrations')).body).toHaveLength(1);
  });

  it('counts what episodes come to', async () => {
    await start();
    await client.reaches((await client.create(EPISODE)).id, 'completed');
    await client.reaches((await client.create(EPISODE)).id, 'completed');
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    for (const line of [
      'parley_episodes_total{result="completed"} 2',
      'parley_episode_segments_total{source="vendor"} 3',
      'parley_episode_segments_total{source="cache"} 3',
      'parley_episode_billed_characters_total 65',
      'parley_audio_cache_hits_total 3',
      'parley_audio_cache_misses_total 3',
    ])
      expect(metrics).toContain(line);
  });

  it('goes on after a restart, and ends the answers that last when it shuts down', async () => {
    await start(new FakeNarration({ until: ({ text }) => (text.startsWith('It') ? undefined : new Promise(() => undefined)) }));
    const { id } = await client.create(EPISODE);
    const audio = await client.request('GET', `/narrations/${id}/stream`);
    let closed: Promise<void> | undefined;
    for await (const event of client.events(id)) {
      if (event.type === 'segment' && event.progress.done === 1) closed ??= server.close();
    }
    await closed;
    // It is not whole, and must not look so.
    await expect(audio.arrayBuffer()).rejects.toThrow('terminated');
    await narration.when((requests) => requests.every(({ outcome }) => outcome !== 'open'));
    await start();
    await client.reaches(id, 'completed');
    expect(narration.texts).toEqual(['And all night, too.', 'Then it stopped.']);
  });
});
