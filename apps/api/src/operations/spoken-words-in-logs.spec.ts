import { FakeProviders } from '@parley/engine/testing';
import { ProviderError } from '@parley/providers';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../testing/test-server';

const QUESTION = 'my password is swordfish';

describe('what is said in a conversation', () => {
  /** Everything that a server logs at any level in a conversation with one turn that is answered and one that fails. */
  async function logged(environment: Record<string, string>): Promise<{ text: string; answer: string }> {
    const logger = RecordingLogger.install();
    const fakes = new FakeProviders();
    const providers = fakes.asProviders();
    const failing = { ...providers.llm.port, info: providers.llm.port.info, warm: async () => undefined };
    let requests = 0;
    const llm = {
      ...providers.llm,
      port: Object.assign(failing, {
        generate: (...call: Parameters<typeof providers.llm.port.generate>) => {
          requests += 1;
          if (requests > 1) throw new ProviderError('fake', 'unavailable', 'the vendor is away');
          return providers.llm.port.generate(...call);
        },
      }),
    };
    const server = await TestServer.start({ ...providers, llm }, logger, testSettings({ LOG_LEVEL: 'debug', ...environment }));
    try {
      const client = await server.connect();
      client.say({ type: 'start_conversation' });
      await client.hears('state');
      client.say({ type: 'text_message', text: QUESTION });
      await client.hears('text_response');
      client.say({ type: 'interrupt' });
      await client.hears('interruption');
      client.say({ type: 'text_message', text: QUESTION });
      await client.hears('error');
      client.say({ type: 'end_conversation' });
      await client.closed();
      return { text: logger.text, answer: client.of('text_response').map(({ text }) => text)[0] ?? '' };
    } finally {
      await server.close();
      logger.restore();
    }
  }

  it('is in no line of the log, whatever fails', async () => {
    const { text, answer } = await logged({});
    expect(answer.trim().length).toBeGreaterThan(0);
    expect(text).toContain('a stage failed');
    expect(text).not.toContain('swordfish');
    expect(text).not.toContain('the user said');
    expect(text).not.toContain('the assistant said');
  });

  it('is in the log with LOG_TRANSCRIPTS, with the conversation and the turn', async () => {
    const { text } = await logged({ LOG_TRANSCRIPTS: 'true' });
    expect(text).toMatch(/"message":"the user said","conversationId":"[\da-f-]{36}","turn":1,"text":"my password is swordfish"/);
    expect(text).toContain('"message":"the assistant said"');
  });
});
