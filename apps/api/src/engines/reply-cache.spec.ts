import { FakeProviders } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { eventually } from '@parley/testing';
import { TestServer } from '../testing/test-server';

describe('the reply cache of a server', () => {
  let logger: RecordingLogger;
  let fakes: FakeProviders;
  let server: TestServer;

  async function start(environment: Record<string, string>): Promise<void> {
    logger = RecordingLogger.install();
    fakes = new FakeProviders();
    server = await TestServer.start(fakes.asProviders(), logger, testSettings(environment));
  }
  afterEach(async () => {
    await server.close();
    logger.restore();
  });

  /** The reply to the first words of a new conversation, which is spoken to its end. */
  async function reply(text: string): Promise<string | undefined> {
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    client.say({ type: 'text_message', text });
    await eventually(() => client.frames.some(({ last }) => last), 'the end of the reply');
    return client.of('text_response').findLast(({ is_final }) => is_final)?.full_text;
  }

  it('answers the same first question of two conversations with one request to the model, and shows that in the metrics', async () => {
    await start({ REPLY_CACHE: 'true' });
    expect(await reply('What time is it?')).toBe('It is three. Or four.');
    expect(await reply('what time is it')).toBe('It is three. Or four.');
    expect(fakes.llm.replies).toHaveLength(1);
    expect(fakes.tts.speeches.filter(({ sentences }) => sentences[0] === 'It is three.')).toHaveLength(2);
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    expect(metrics).toContain('parley_reply_cache_requests_total{result="hit"} 1');
    expect(metrics).toContain('parley_budget_spent_total{kind="model_requests"} 1');
    expect(logger.faults).toEqual([]);
  });

  it('is off by default', async () => {
    await start({});
    for (let count = 0; count < 2; count++) await reply('What time is it?');
    expect(fakes.llm.replies).toHaveLength(2);
  });
});
