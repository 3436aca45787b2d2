import { rm } from 'node:fs/promises';
import { FakeNarrator, FakeProviders } from '@parley/engine/testing';
import type { NarrationServerMessage } from '@parley/protocol';
import type { NarrationProvider, SpeechChunk } from '@parley/providers';
import { eventually, FakeNarration } from '@parley/testing';
import { RedisServer } from '@parley/testing/servers';
import { DayCounters } from '@parley/server';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { type TestClient, TestServer } from '../../testing/test-server';

const DAY_MS = 24 * 3_600_000;

/** A server with fakes in place of the vendors. */
interface Running {
  server: TestServer;
  fakes: FakeProviders;
  narrator: FakeNarrator;
}

describe('the budgets of a server', () => {
  let logger: RecordingLogger;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    logger.restore();
  });

  async function start(environment: Record<string, string>): Promise<Running> {
    const settings = testSettings(environment);
    const fakes = new FakeProviders();
    const narrator = new FakeNarrator();
    const narrate: NarrationProvider['narrate'] = (...args): AsyncIterable<SpeechChunk> => narrator.narrate(...args);
    const narration = Object.assign(new FakeNarration(), { narrate });
    const server = await TestServer.start(fakes.asProviders(), logger, settings, { narration });
    closing.push(async () => {
      await server.close();
      await rm(settings.episodes.dataDir, { recursive: true, force: true });
    });
    return { server, fakes, narrator };
  }

  /** Starts a conversation and types this often, each time after the answer was given. */
  async function type({ server }: Running, turns: number): Promise<TestClient> {
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    for (let turn = 1; turn <= turns; turn++) {
      client.say({ type: 'text_message', text: 'Hi!' });
      await eventually(() => client.frames.some((frame) => frame.turn === turn && frame.last), 'the end of the reply', 10_000);
      client.say({ type: 'playback', turn, event: 'ended', played_ms: 60_000 });
    }
    return client;
  }

  async function refused({ server }: Running): Promise<TestClient> {
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    await client.closed();
    return client;
  }

  /** Servers tell each other what they have counted a moment later. */
  async function comesToKnow({ server }: Running, turns: number): Promise<void> {
    const days = server.app.get(DayCounters, { strict: false });
    const isKnown = (): boolean => {
      void days.refresh(['day:turns']);
      return days.used('day:turns') === turns;
    };
    await eventually(isKnown, `a total of ${turns} turns`);
  }

  const metricsOf = async ({ server }: Running): Promise<string> => (await fetch(`${server.origin}/metrics`)).text();

  it('end a conversation with a clear message after its last answer, and count it in the metrics', async () => {
    const running = await start({ BUDGET_TURNS_PER_CONVERSATION: '2' });
    const client = await type(running, 2);
    expect(await client.closed()).toBe(1008);
    expect(client.of('text_response').filter(({ is_final }) => is_final)).toHaveLength(2);
    expect(client.messages.slice(-3)).toEqual([
      {
        type: 'error',
        code: 'budget_spent',
        message: 'This conversation has used all that one conversation may use. Please start a new one.',
        fatal: true,
      },
      { type: 'state', state: 'IDLE', turn: 3 },
      { type: 'conversation_ended', reason: 'error' },
    ]);
    const metrics = await metricsOf(running);
    expect(metrics).toContain('parley_budget_spent_total{kind="turns"} 2');
    expect(metrics).toContain('parley_budget_spent_total{kind="model_requests"} 2');
    expect(metrics).toContain('parley_budget_refusals_total{kind="turns",scope="conversation"} 1');
    expect(running.fakes.open).toBe(0);
    expect(logger.faults).toEqual([]);
  });

  it('refuse a new conversation of an address that has spent its day, and say when to come back', async () => {
    const running = await start({ BUDGET_TURNS_PER_ADDRESS_PER_DAY: '1' });
    await (await type(running, 1)).closed();
    const sessions = running.fakes.stt.sessions.length;
    const client = await refused(running);
    const [error] = client.of('error');
    expect(error).toMatchObject({ code: 'budget_spent', fatal: true });
    expect(error?.retry_after_ms).toBeGreaterThan(0);
    expect(error?.retry_after_ms).toBeLessThanOrEqual(DAY_MS);
    expect(client.closeCode).toBe(1008);
    expect(running.fakes.stt.sessions).toHaveLength(sessions);
  });

  it('end a narration after the text that reaches the limit, and refuse the next one', async () => {
    const running = await start({ BUDGET_VOICE_CHARACTERS_PER_DAY: '60' });
    const client = await running.server.connect({}, '/ws/narration');
    client.say({ type: 'start_narration', chunk_schedule: [50] });
    const sentence = 'The quick brown fox jumps over the lazy dog and then it rests. ';
    for (let count = 0; count < 4; count++) client.say({ type: 'text', text: sentence });
    client.say({ type: 'end_text' });
    expect(await client.closed()).toBe(1008);
    const messages = client.messages as unknown as NarrationServerMessage[];
    expect(messages.filter(({ type: kind }) => kind === 'error')).toEqual([
      expect.objectContaining({ code: 'budget_spent', fatal: true, retry_after_ms: expect.any(Number) }),
    ]);
    expect(running.narrator.textOf(1).length).toBeLessThan(4 * sentence.length);
    expect(client.frames.length).toBeGreaterThan(0);
    const calls = running.narrator.calls.length;
    const next = await running.server.connect({}, '/ws/narration');
    next.say({ type: 'start_narration' });
    expect(await next.hears('error')).toMatchObject({ code: 'budget_spent', fatal: false });
    expect(running.narrator.calls).toHaveLength(calls);
    expect(await metricsOf(running)).toContain('parley_budget_refusals_total{kind="voice_characters",scope="day"} 2');
  });

  it('are one budget for two servers with one Redis, also after Redis was away', async () => {
    const redis = await RedisServer.start({ tcp: true });
    closing.push(() => redis.stop());
    const environment = { BUDGET_TURNS_PER_DAY: '3', REDIS_URL: `redis://${redis.address}` };
    const [first, second] = [await start(environment), await start(environment)];
    await type(first, 1);
    await redis.pause();
    await type(first, 1);
    await eventually(() => logger.text.includes('counts alone'), 'the warning', 10_000);
    await redis.resume();
    await eventually(() => logger.text.includes('Redis is back'), 'the return', 10_000);
    await comesToKnow(second, 2);
    const last = await type(second, 1);
    expect(await last.closed()).toBe(1008);
    expect(last.of('error')).toMatchObject([{ code: 'budget_spent' }]);
    await comesToKnow(first, 3);
    expect((await refused(first)).of('error')).toMatchObject([{ code: 'budget_spent' }]);
  }, 60_000);
});
