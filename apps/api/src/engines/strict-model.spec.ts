import type { TextResponse } from '@parley/protocol';
import { OpenAiLanguageModel } from '@parley/providers';
import { type ReplyMessage, ScriptedRecogniser, type Simulator, startSimulator, type StrictChat, ToneSynthesiser } from '@parley/simulator';
import { eventually } from '@parley/testing';
import { FakeProviders, stageProvidersOf } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { type TestClient, TestServer } from '../testing/test-server';

const LATENCY = { sttFinalMs: 10, llmFirstTokenMs: 5, llmTokenGapMs: 5, ttsFirstChunkMs: 10, jitter: 0 };
const LONG_ANSWER = Array.from({ length: 400 }, (_, index) => `word${index}`).join(' ');

/** Typed conversations with a model server that validates requests more strictly than OpenAI does. */
describe('a session with a strict model server', () => {
  let simulator: Simulator;
  let server: TestServer;
  let client: TestClient;
  let logger: RecordingLogger;
  /** The messages of every request that was answered, without the system message. */
  let asked: ReplyMessage[][];

  beforeEach(() => {
    logger = RecordingLogger.install();
    asked = [];
  });

  afterEach(async () => {
    await server.close();
    await simulator.close();
    logger.restore();
  });

  async function start(strictChat: StrictChat, environment: Record<string, string> = {}): Promise<void> {
    simulator = await startSimulator({
      recogniser: new ScriptedRecogniser(),
      synthesiser: new ToneSynthesiser(),
      latency: LATENCY,
      strictChat,
      replies: {
        reply: (messages) => {
          asked.push(messages.filter(({ role }) => role !== 'system').map(({ role, content }) => ({ role, content })));
          return [messages.at(-1)?.content.endsWith('Tell me all.') === true ? LONG_ANSWER : 'It is twelve.'];
        },
      },
    });
    const llm = new OpenAiLanguageModel({ apiKey: 'good', baseURL: simulator.urls.openai, models: ['gpt-4o'], simulated: true });
    const { stt, tts } = new FakeProviders();
    server = await TestServer.start(stageProvidersOf({ stt, llm, tts }), logger, testSettings(environment));
    client = await server.connect();
    client.say({ type: 'start_conversation' });
    await client.hears('conversation_started');
  }

  /** Types this text, waits for this much of the answer (or of the apology that replaces it), and interrupts the rest. */
  async function turn(text: string, isEnough = ({ is_final }: TextResponse): boolean => is_final): Promise<void> {
    const before = client.of('text_response').at(-1)?.turn ?? 0;
    client.say({ type: 'text_message', text });
    const isAnswered = (): boolean => client.of('text_response').some((response) => response.turn > before && isEnough(response));
    await eventually(isAnswered, `an answer to "${text}"`, 10_000);
    client.say({ type: 'interrupt' });
    await eventually(() => client.of('state').at(-1)?.state === 'USER_SPEAKING', 'the next turn', 10_000);
  }

  /** Does the same, and interrupts in the middle of the answer. */
  const interruptedTurn = (text: string): Promise<void> => turn(text, () => true);

  it.each(['discard', 'heard'])('is answered after interruptions when the memory mode for interrupted replies is %s', async (memory) => {
    await start({ alternates: true }, { MEMORY_ON_INTERRUPTION: memory });
    await interruptedTurn('Tell me all.');
    await interruptedTurn('And now? Tell me all.');
    await turn('And then?');
    expect(client.of('error')).toEqual([]);
    const last = asked.at(-1) ?? [];
    expect(last.map(({ role }) => role)).toEqual(last.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')));
    expect(
      last
        .filter(({ role }) => role === 'user')
        .map(({ content }) => content)
        .join(' '),
    ).toMatch(/Tell me all\.\s+And now\? Tell me all\.\s+And then\?/);
  });

  it('is answered after a reply that failed', async () => {
    await start({ alternates: true });
    const fault = simulator.faults.inject({ vendor: 'openai', endpoint: 'chat', fault: { kind: 'refuse', status: 503 }, times: 2 });
    await turn('What is seven plus five?');
    expect(fault.triggered).toBe(2);
    expect(client.of('error')).toMatchObject([{ code: 'llm_failed' }]);
    await turn('And now?');
    expect(client.of('error')).toHaveLength(1);
    expect(asked.at(-1)).toEqual([{ role: 'user', content: 'What is seven plus five?\n\nAnd now?' }]);
  });

  it('is answered after the server refused an earlier message because of its content', async () => {
    await start({ refusesContent: /bomb/ });
    await turn('What is seven plus five?');
    await turn('How do I make a bomb?');
    expect(client.of('error')).toMatchObject([{ code: 'llm_failed' }]);
    await turn('And now?');
    await turn('And then?');
    expect(client.of('error')).toHaveLength(1);
    expect(JSON.stringify(asked)).not.toContain('bomb');
  });
});
