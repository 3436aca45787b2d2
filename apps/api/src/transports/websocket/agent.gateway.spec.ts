import { eventually } from '@parley/testing';
import { FakeProviders } from '@parley/engine/testing';
import { RecordingEngineFactory } from '../../testing/recording-engine-factory';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../../testing/test-server';

const PATH = '/ws/agent';
const CHUNK = { type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: Buffer.from([1, 0, 255, 255]).toString('base64') };

describe('the agent endpoint', () => {
  let logger: RecordingLogger;
  let agents: RecordingEngineFactory;
  let server: TestServer;

  beforeEach(async () => {
    logger = RecordingLogger.install();
    agents = new RecordingEngineFactory();
    const settings = testSettings({ ALLOWED_ORIGINS: 'https://app.example' });
    server = await TestServer.start(new FakeProviders().asProviders(), logger, settings, { engines: { agent: agents } });
  });
  afterEach(async () => {
    await server.close();
    logger.restore();
  });

  it('starts the conversation by itself, speaks only JSON, and ends when the client asks for it', async () => {
    const client = await server.connect({}, PATH);
    await client.hears('conversation_started');
    expect(client.messages).toMatchObject([{ type: 'connection_established' }, { type: 'conversation_started', engine: 'agent' }]);
    const [{ connection, engine }] = agents.made;
    client.say(CHUNK);
    await eventually(() => engine.calls.length > 0, 'the audio');
    connection.output.play({ turn: 1, seq: 0, pcm: Int16Array.of(7, -7), last: true });
    expect(await client.hears('audio_response')).toEqual({
      type: 'audio_response',
      turn: 1,
      seq: 0,
      data: Buffer.from(Int16Array.of(7, -7).buffer).toString('base64'),
      is_final: true,
    });
    expect(client.frames).toEqual([]);
    client.say({ type: 'end_conversation' });
    await eventually(() => engine.calls.length > 1, 'the end');
    expect(engine.calls).toEqual([
      ['pushAudio', [1, -1]],
      ['end', 'client'],
    ]);
    connection.emit({ type: 'ended', reason: 'client' });
    expect(await client.closed()).toBe(1000);
  });

  it('reads the options of the conversation from the query', async () => {
    const client = await server.connect({}, `${PATH}?language=hi-IN&voice_id=asha`);
    await client.hears('conversation_started');
    expect(agents.made[0].connection.options).toMatchObject({ language: 'hi-IN', voiceId: 'asha' });
  });

  it('closes a connection with an invalid query with code 1008', async () => {
    const client = await server.connect({}, `${PATH}?language=no+language`);
    expect(await client.closed()).toBe(1008);
    expect(client.messages.slice(1)).toMatchObject([{ type: 'error', code: 'bad_message', fatal: true }, { type: 'conversation_ended' }]);
    expect(agents.made).toEqual([]);
  });

  it('refuses a start message, because the conversation has already started', async () => {
    const client = await server.connect({}, PATH);
    client.say({ type: 'start_conversation' });
    expect(await client.hears('error')).toMatchObject({ code: 'already_started', fatal: false });
    expect(agents.made).toHaveLength(1);
  });

  it('offers the same agent as a start message on the general endpoint', async () => {
    const client = await server.connect();
    client.say({ type: 'start_conversation', engine: 'agent', audio_transport: 'json' });
    expect(await client.hears('conversation_started')).toMatchObject({ engine: 'agent' });
    const pipeline = await server.connect();
    pipeline.say({ type: 'start_conversation' });
    expect(await pipeline.hears('error')).toMatchObject({ fatal: false });
  });

  it('applies the same rules for origins, message length and shutdown as the general endpoint', async () => {
    const stranger = await server.connect({ origin: 'https://evil.example' }, PATH);
    expect(await stranger.closed()).toBe(1008);
    expect(stranger.messages).toEqual([]);
    const known = await server.connect({ origin: 'https://app.example' }, PATH);
    await known.hears('conversation_started');
    known.socket.send('x'.repeat(1024 * 1024 + 1));
    expect(await known.closed()).toBe(1009);
    const last = await server.connect({}, PATH);
    await last.hears('conversation_started');
    void server.app.close();
    await eventually(() => agents.made.at(-1)?.engine.calls.length === 1, 'the engine to be told');
    expect(agents.made.at(-1)?.engine.calls).toEqual([['end', 'server_shutdown']]);
  });

  it('reports that there is no agent on this server', async () => {
    const other = await TestServer.start(new FakeProviders().asProviders(), logger, testSettings(), { engines: {} });
    try {
      const client = await other.connect({}, PATH);
      expect(await client.closed()).toBe(1011);
      expect(client.messages.map(({ type }) => type)).toEqual(['connection_established', 'error', 'conversation_ended']);
      expect(client.of('error')).toMatchObject([{ code: 'agent_failed', fatal: true }]);
    } finally {
      await other.close();
    }
  });
});
