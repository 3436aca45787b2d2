import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWav } from '@parley/audio';
import { PostgresServer, RedisServer } from '@parley/testing/servers';
import type { ApiError, CreateEpisode, EpisodeEvent, Show } from '@parley/protocol';
import type { Simulator } from '@parley/simulator';
import { EpisodeClient, poll, type ServerProcess } from '@parley/testing/client';
import { parseBuffer } from 'music-metadata';
import { startKeyedServer, startVendors } from './support/keyed-server';
import { useSharedServer } from './support/suite';

const RATE_HZ = 24_000;
const SEGMENTS = 'speech-stream-with-timestamps';
const SCRIPT = `# Morning

HOST: It rained all day in the town.

GUEST: And all night, too.

# Evening

HOST: Then it stopped.
`;
const RAIN: CreateEpisode = {
  title: 'Rain',
  script: SCRIPT,
  speakers: { HOST: { voice_id: 'parley-clara' }, GUEST: { voice_id: 'parley-ray' } },
};
/** A server that comes back at once waits until the claims and jobs of before have ended, which takes up to half a minute. */
const AFTER_A_KILL_MS = 150_000;
/** Bounds what never ends. */
const PATIENCE_MS = 50_000;

describe('An episode', () => {
  const server = useSharedServer();
  const client = new EpisodeClient(server.url);

  it('is made of a script with two voices and chapters, and comes as files and in a feed', async () => {
    const details = { title: 'Weather', description: 'Of the town.', author: 'Anna', language: 'en' };
    const { body: show } = await client.json<Show>('POST', '/shows', details);
    const { id } = await client.create({ ...RAIN, show_id: show.id });
    const events: EpisodeEvent[] = [];
    for await (const event of client.events(id)) {
      events.push(event);
      if (event.type === 'state' && event.state === 'completed') break;
    }
    const whole = events.findLast((event) => event.type === 'episode');
    const episode = whole?.type === 'episode' ? whole.episode : undefined;
    expect(episode).toMatchObject({ state: 'completed', progress: { done: 3, total: 3 }, metrics: { first_audio_ms: expect.any(Number) } });
    const durationMs = episode?.output?.duration_ms ?? 0;
    expect(durationMs).toBeGreaterThan(3_000);
    expect(Math.abs((episode?.output?.loudness_lufs ?? 0) + 16)).toBeLessThanOrEqual(0.5);
    expect(episode?.output?.true_peak_dbtp).toBeLessThanOrEqual(-1.5);

    const wav = parseWav(await bytesOf(client, `/narrations/${id}/audio?format=wav`));
    if (!wav.ok) throw new Error(wav.error);
    expect((wav.pcm.length * 1_000) / RATE_HZ).toBeCloseTo(durationMs);
    const mp3 = await bytesOf(client, `/narrations/${id}/audio?format=mp3`);
    const { common, format } = await parseBuffer(mp3, 'audio/mpeg', { duration: true, includeChapters: true });
    expect(common).toMatchObject({ title: 'Rain', album: 'Weather', artist: 'Anna' });
    expect(Math.abs((format.duration ?? 0) * 1_000 - durationMs)).toBeLessThan(100);
    expect(format.chapters?.map(({ title }) => title)).toEqual(['Morning', 'Evening']);

    const vtt = await textOf(client, `/narrations/${id}/captions.vtt`);
    expect(vtt).toMatch(/^WEBVTT/);
    expect(vtt).toMatch(/<v GUEST>And <\d\d:\d\d:\d\d\.\d{3}>all /u);
    expect(vtt.replace(/<[\d:.]+>/gu, '')).toContain('<v GUEST>And all night, too.');
    expect(await textOf(client, `/narrations/${id}/captions.srt`)).toContain('HOST: Then it stopped.');
    expect(JSON.parse(await textOf(client, `/narrations/${id}/chapters.json`))).toMatchObject({
      chapters: [
        { title: 'Morning', startTime: 0 },
        { title: 'Evening', endTime: Math.round(durationMs) / 1_000 },
      ],
    });
    const feed = await textOf(client, `/shows/${show.id}/feed.xml`);
    expect(feed).toContain(`url="${server.url}/api/narrations/${id}/audio?format=mp3" length="${mp3.length}"`);
    expect(feed).toContain('captions.vtt');
    await client.request('DELETE', `/narrations/${id}`);
    await client.request('DELETE', `/shows/${show.id}`);
  });

  it('is heard while it is made', async () => {
    const answer = await client.request('POST', '/narrations', { ...RAIN, seed: 7 }, { accept: 'audio/wav' });
    const id = answer.headers.get('location')?.split('/').at(-1) ?? '';
    const sent = (await answer.arrayBuffer()).byteLength;
    const { output } = await client.reaches(id, 'completed');
    expect(((sent - 44) / 2 / RATE_HZ) * 1_000).toBeCloseTo(output?.duration_ms ?? 0);
    await client.request('DELETE', `/narrations/${id}`);
  });
});

interface Services {
  environment: Record<string, string>;
  stop: () => Promise<void>;
}

const NO_SERVICES = (): Promise<Services> => Promise.resolve({ environment: {}, stop: () => Promise.resolve() });

async function startServices(): Promise<Services> {
  const [postgres, redis] = await Promise.all([PostgresServer.start(), RedisServer.start()]);
  const environment = { DATABASE_URL: await postgres.createSchema(), REDIS_URL: redis.url };
  return { environment, stop: async () => void (await Promise.all([postgres.stop(), redis.stop()])) };
}

describe.each([
  ['SQLite and a queue in memory', NO_SERVICES],
  ['PostgreSQL and Redis', startServices],
])('An episode of a vendor with a key, with %s', (_name, services) => {
  let vendors: Simulator;
  let server: ServerProcess;
  let client: EpisodeClient;
  let stored: Services;
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-episodes-'));
    vendors = await startVendors();
    stored = await services();
    server = await startKeyedServer(vendors, {}, { DATA_DIR: folder, ...stored.environment });
    client = new EpisodeClient(server.url);
  });

  afterAll(async () => {
    try {
      await server.stop();
    } finally {
      await vendors.close();
      await stored.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  /** Whole texts: the server also has its fixed sentences spoken, over the sockets. */
  const spoken = (): string[] =>
    vendors.counters.elevenLabs.speech.records.flatMap(({ endpoint, text }) => (endpoint === SEGMENTS ? text : []));
  const billed = (): number => vendors.counters.elevenLabs.charactersBilled;
  const requestsOpen = async (count: number): Promise<void> =>
    void (await poll(
      `${count} requests at the vendor`,
      async () => vendors.counters.elevenLabs.requestsOpen,
      (open) => open === count,
      PATIENCE_MS,
    ));

  it('is changed in one segment, and only that one is asked for again', async () => {
    const { id, segments } = await client.create(RAIN);
    const before = await client.reaches(id, 'completed');
    const asked = spoken().length;
    const answer = await client.request('PATCH', `/narrations/${id}/segments/${segments[1].id}`, {
      text: 'And all the night long, with wind.',
    });
    expect(answer.status).toBe(200);
    const after = await client.reaches(id, 'completed');
    expect(spoken().slice(asked)).toEqual(['And all the night long, with wind.']);
    expect(after.output?.duration_ms).toBeGreaterThan(before.output?.duration_ms ?? Infinity);
    expect(await textOf(client, `/narrations/${id}/captions.srt`)).toContain('with wind');
  });

  it.each<[string, CreateEpisode, line: number, column: number]>([
    ['an empty text', { script: '' }, 1, 1],
    ['a text over the limit', { script: `One.\n\n${'word '.repeat(20_000)}` }, 3, 99_995],
    ['an unknown voice', { ...RAIN, speakers: { ...RAIN.speakers, GUEST: { voice_id: 'nobody' } } }, 5, 8],
    ['a control character', { script: 'One.\nTwo\u0000.' }, 2, 4],
    ['markup that is not closed', { script: 'One.\n\nTwo <break time="1s"' }, 3, 5],
    ['an unknown speaker', { ...RAIN, script: `${SCRIPT}\nGHOST: Boo.\n` }, 11, 1],
  ])('is refused with %s at its line and column, and nothing is billed', async (_, body, line, column) => {
    const before = billed();
    const { status, body: error } = await client.json<ApiError>('POST', '/narrations', body);
    expect([status, error.problems]).toEqual([422, [{ line, column, message: expect.any(String) }]]);
    expect(billed()).toBe(before);
  });

  it('is cancelled with all that the vendor is doing, and goes on later', async () => {
    vendors.faults.inject({ vendor: 'elevenlabs', endpoint: SEGMENTS, fault: { kind: 'stall' }, times: 100 });
    const script = Array.from({ length: 6 }, (_, i) => `This will be cancelled, number ${i}.`).join('\n\n');
    const { id } = await client.create({ title: 'Cancelled', script });
    await requestsOpen(4);
    expect((await client.request('POST', `/narrations/${id}/cancel`)).status).toBe(200);
    await requestsOpen(0);
    vendors.faults.clear();
    expect((await client.request('POST', `/narrations/${id}/resume`)).status).toBe(200);
    expect((await client.reaches(id, 'completed', 'failed')).state).toBe('completed');
  });

  it(
    'is finished after the server was killed, without what was done, and no file is there that is not whole',
    async () => {
      const texts = Array.from({ length: 40 }, (_, i) => `This is paragraph number ${i} of a longer text.`);
      const { id } = await client.create({ title: 'Killed', script: texts.join('\n\n') });
      const done = new Set<string>();
      for await (const event of client.events(id)) {
        if (event.type === 'segment' && event.segment.state === 'done') done.add(event.segment.text);
        if (done.size >= 5) break;
      }
      await server.kill();
      expect(readdirSync(join(folder, 'episodes', id)).filter((name) => /^episode\./.test(name))).toEqual([]);
      const askedBefore = spoken().length;
      await server.restart();
      const episode = await client.reaches(id, 'completed', 'failed');
      expect(episode).toMatchObject({ state: 'completed', progress: { done: 40, total: 40 } });
      const askedAfter = spoken().slice(askedBefore);
      expect(askedAfter.filter((text) => done.has(text))).toEqual([]);
      const wav = parseWav(await bytesOf(client, `/narrations/${id}/audio?format=wav`));
      expect(wav.ok && (wav.pcm.length * 1_000) / RATE_HZ).toBeCloseTo(episode.output?.duration_ms ?? 0);
      expect((await client.request('DELETE', `/narrations/${id}`)).status).toBe(204);
      expect(existsSync(join(folder, 'episodes', id))).toBe(false);
    },
    AFTER_A_KILL_MS,
  );
});

async function bytesOf(client: EpisodeClient, path: string): Promise<Uint8Array> {
  const answer = await client.request('GET', path);
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

async function textOf(client: EpisodeClient, path: string): Promise<string> {
  return Buffer.from(await bytesOf(client, path)).toString('utf8');
}
