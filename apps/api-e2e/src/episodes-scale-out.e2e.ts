import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseWav } from '@parley/audio';
import { PostgresServer, RedisServer } from '@parley/testing/servers';
import type { Episode } from '@parley/protocol';
import { ScriptedRecogniser, type Simulator, startSimulator } from '@parley/simulator';
import { defectsIn, EpisodeClient, poll, type ServerProcess } from '@parley/testing/client';
import { GatedSynthesiser } from './support/gated-synthesiser';
import { startKeyedServer } from './support/keyed-server';

const RATE_HZ = 24_000;
const SEGMENTS = 'speech-stream-with-timestamps';
/** Each server speaks two, and holds one more ready. */
const PARALLEL = { NARRATION_PARALLEL: '2', NARRATION_PARALLEL_TOTAL: '4' };
/** Bounds what never ends; the work of a killed server is taken over after 15 to 25 s. */
const PATIENCE_MS = 150_000;

interface Readiness {
  readonly ready: boolean;
  readonly episodes?: Readonly<Record<string, string>>;
}

describe('Episodes on two servers with one PostgreSQL, one Redis and one folder', () => {
  const servers: ServerProcess[] = [];
  const synthesiser = new GatedSynthesiser();
  let postgres: PostgresServer;
  let redis: RedisServer;
  let vendors: Simulator;
  let environment: Record<string, string> = {};
  let folder = '';

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([PostgresServer.start(), RedisServer.start()]);
    folder = await mkdtemp(join(tmpdir(), 'parley-episodes-'));
    environment = { ...PARALLEL, DATA_DIR: folder, DATABASE_URL: await postgres.createSchema(), REDIS_URL: redis.url };
    const latency = { ttsFirstChunkMs: 30, llmFirstTokenMs: 20, llmTokenGapMs: 2, sttFinalMs: 20 };
    vendors = await startSimulator({ recogniser: new ScriptedRecogniser({ texts: [] }), synthesiser, latency });
  }, PATIENCE_MS);

  afterEach(async () => {
    synthesiser.openGate();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  }, PATIENCE_MS);

  afterAll(async () => {
    await vendors.close();
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  /** A server that has opened its episodes. */
  async function startServer(): Promise<{ server: ServerProcess; client: EpisodeClient }> {
    const server = await startKeyedServer(vendors, {}, environment);
    servers.push(server);
    await says(server, ({ episodes }) => episodes?.['redis'] === 'ok');
    return { server, client: new EpisodeClient(server.url) };
  }

  const readiness = async ({ url }: ServerProcess): Promise<Readiness> => (await (await fetch(`${url}/api/ready`)).json()) as Readiness;
  const says = (server: ServerProcess, condition: (readiness: Readiness) => boolean): Promise<Readiness> =>
    poll('what the server says of itself', () => readiness(server), condition, PATIENCE_MS);

  const spoken = (): string[] =>
    vendors.counters.elevenLabs.speech.records.flatMap(({ endpoint, text }) => (endpoint === SEGMENTS ? text : []));
  const requestsOpen = (atLeast: number): Promise<number> =>
    poll(
      `${atLeast} requests at the vendor`,
      async () => vendors.counters.elevenLabs.requestsOpen,
      (open) => open >= atLeast,
      PATIENCE_MS,
    );

  async function segmentsOf({ url }: ServerProcess): Promise<number> {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^parley_episode_segments_total\{source="vendor"\} (\d+)$/m.exec(metrics)?.[1]);
  }

  const paragraphs = (title: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${title}, and this is paragraph number ${i} of it.`);

  /** Resolves with the texts that are done, as soon as there are so many. */
  async function doneTexts(client: EpisodeClient, id: string, count: number): Promise<Set<string>> {
    const done = new Set<string>();
    for await (const event of client.events(id)) {
      const segments = event.type === 'episode' ? event.episode.segments : event.type === 'segment' ? [event.segment] : [];
      for (const { state, text } of segments) if (state === 'done') done.add(text);
      if (done.size >= count) break;
    }
    return done;
  }

  async function expectWhole(client: EpisodeClient, episode: Episode, segments: number): Promise<void> {
    expect(episode).toMatchObject({ state: 'completed', progress: { done: segments, total: segments } });
    const answer = await client.request('GET', `/narrations/${episode.id}/audio?format=wav`);
    const wav = parseWav(new Uint8Array(await answer.arrayBuffer()));
    expect(wav.ok && (wav.pcm.length * 1_000) / RATE_HZ).toBeCloseTo(episode.output?.duration_ms ?? 0);
    expect(readdirSync(join(folder, 'episodes', episode.id)).filter((name) => name.endsWith('.part'))).toEqual([]);
  }

  it(
    'are rendered by both, and what happens on one is heard on the other, with its files',
    async () => {
      const [one, other] = await Promise.all([startServer(), startServer()]);
      const texts = paragraphs('Both', 12);
      synthesiser.closeGate();
      const { id } = await one.client.create({ title: 'Both', script: texts.join('\n\n') });
      const completed = other.client.reaches(id, 'completed', 'failed');
      // More than one server asks for at once.
      await requestsOpen(3);
      synthesiser.openGate();
      await expectWhole(other.client, await completed, texts.length);
      for (const { server } of [one, other]) expect(await segmentsOf(server)).toBeGreaterThan(0);
      expect((await other.client.request('DELETE', `/narrations/${id}`)).status).toBe(204);
      expect((await one.client.request('GET', `/narrations/${id}`)).status).toBe(404);
      expect(
        spoken()
          .filter((text) => text.startsWith('Both'))
          .sort(),
      ).toEqual([...texts].sort());
    },
    PATIENCE_MS,
  );

  it(
    'are finished by one after the other was killed in the middle of them, without what was done, and no file is there that is not whole',
    async () => {
      const killed = await startServer();
      const texts = paragraphs('Killed', 20);
      const { id } = await killed.client.create({ title: 'Killed', script: texts.join('\n\n') });
      await doneTexts(killed.client, id, 5);
      synthesiser.closeGate();
      await requestsOpen(2);
      const other = await startServer();
      const done = await doneTexts(other.client, id, 5);
      await killed.server.kill();
      expect(readdirSync(join(folder, 'episodes', id)).filter((name) => /^episode\./.test(name))).toEqual([]);
      const asked = spoken().length;
      synthesiser.openGate();
      await expectWhole(other.client, await other.client.reaches(id, 'completed', 'failed'), texts.length);
      const askedAgain = spoken().slice(asked);
      expect(askedAgain.filter((text) => done.has(text))).toEqual([]);
      expect(defectsIn(killed.server.log())).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'go on after PostgreSQL and Redis were away, and the server says which of them is',
    async () => {
      const { server, client } = await startServer();
      expect(await readiness(server)).toEqual({ ready: true, episodes: { postgres: 'ok', redis: 'ok' } });
      const texts = paragraphs('Away', 8);
      const { id } = await client.create({ title: 'Away', script: texts.join('\n\n') });
      await doneTexts(client, id, 2);
      await postgres.pause();
      await says(server, ({ ready, episodes }) => ready && episodes?.['postgres'] === 'away');
      expect((await client.request('GET', `/narrations/${id}`)).status).toBe(503);
      await postgres.resume();
      await says(server, ({ episodes }) => episodes?.['postgres'] === 'ok');
      await redis.pause();
      await says(server, ({ ready, episodes }) => ready && episodes?.['redis'] === 'away');
      await redis.resume();
      await says(server, ({ episodes }) => episodes?.['redis'] === 'ok');
      await expectWhole(client, await client.reaches(id, 'completed', 'failed'), texts.length);
    },
    PATIENCE_MS,
  );

  it(
    'are not opened by a server with a folder of its own, which says so',
    async () => {
      const own = await mkdtemp(join(tmpdir(), 'parley-episodes-'));
      await startServer();
      const stranger = await startKeyedServer(vendors, {}, { ...environment, DATA_DIR: own });
      await says(stranger, ({ ready, episodes }) => ready && episodes?.['folder'] === 'unusable');
      expect((await new EpisodeClient(stranger.url).request('GET', '/narrations')).status).toBe(503);
      expect(await stranger.terminate()).toBe(0);
      expect(stranger.log()).toContain('DATA_DIR is not the folder that the other servers of DATABASE_URL use');
      await Promise.all([own, dirname(stranger.logFile)].map((made) => rm(made, { recursive: true })));
    },
    PATIENCE_MS,
  );
});
