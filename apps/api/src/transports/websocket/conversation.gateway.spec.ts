import { connect as connectSocket, type Socket } from 'node:net';
import { eventually } from '@parley/testing';
import { FakeProviders } from '@parley/engine/testing';
import { SessionFactory } from '@parley/server';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../../testing/test-server';
import { ConnectionRegistry } from './connection-registry';

const START = { type: 'start_conversation' };

describe('the server', () => {
  let logger: RecordingLogger;
  let fakes: FakeProviders;
  let server: TestServer;

  beforeEach(async () => {
    logger = RecordingLogger.install();
    fakes = new FakeProviders();
    server = await TestServer.start(fakes.asProviders(), logger, testSettings({ ALLOWED_ORIGINS: 'https://app.example' }));
  });
  afterEach(async () => {
    await server.close();
    logger.restore();
  });

  /** A client that performs the WebSocket handshake and then sends raw bytes. */
  function upgrade(path: string, headers = ''): Socket {
    const { hostname, port, host } = new URL(server.origin);
    const socket = connectSocket(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.resume();
    const key = Buffer.alloc(16).toString('base64');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${headers}\r\n`,
    );
    return socket;
  }

  const connections = (): number => server.app.get(ConnectionRegistry, { strict: false }).size;

  it('holds a conversation', async () => {
    const client = await server.connect();
    expect(await client.hears('connection_established')).toMatchObject({ protocol: 1 });
    client.say(START);
    expect(await client.hears('conversation_started')).toEqual({
      type: 'conversation_started',
      conversation_id: expect.stringMatching(/^[\da-f-]{36}$/),
      engine: 'pipeline',
      input_audio: { encoding: 'pcm_s16le', sample_rate: 16_000, frame_ms: 20 },
      output_audio: { encoding: 'pcm_s16le', sample_rate: 24_000 },
      providers: {
        stt: fakes.stt.info,
        llm: fakes.llm.info,
        tts: fakes.tts.info,
      },
      timing: { end_of_turn_silence_ms: 900, inactivity_timeout_ms: 60_000 },
    });
    expect(client.messages.map(({ type }) => type).slice(0, 3)).toEqual(['connection_established', 'conversation_started', 'state']);

    // Two seconds of speech and one of silence, sent as fast as the socket accepts them.
    for (const level of [1_000, 1_000, 0]) client.socket.send(Buffer.from(new Int16Array(16_000).fill(level).buffer));
    expect(await client.hears('transcript')).toMatchObject({ turn: 1 });
    await eventually(() => client.frames.some(({ last }) => last), 'the end of the reply');
    expect(client.of('text_response').at(-1)).toMatchObject({ full_text: 'It is three. Or four.' });
    expect(client.frames.map(({ turn, seq }) => [turn, seq])).toEqual(client.frames.map((_frame, index) => [1, index]));

    client.say({ type: 'end_conversation' });
    expect(await client.closed()).toBe(1000);
    expect(client.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'client' });
    expect(fakes.open).toBe(0);
    expect(client.of('error')).toEqual([]);
    expect(logger.faults).toEqual([]);
  });

  it('accepts input that is sent together with the start message', async () => {
    const client = await server.connect();
    client.say(START);
    client.say({ type: 'text_message', text: 'Hi!' });
    await eventually(() => client.frames.some(({ last }) => last), 'the end of the reply');
    expect(client.of('transcript')).toMatchObject([{ text: 'Hi!', is_final: true }]);
  });

  it('keeps conversations apart', async () => {
    const [first, second] = [await server.connect(), await server.connect()];
    first.say(START);
    second.say(START);
    const ids = [(await first.hears('conversation_started')).conversation_id, (await second.hears('conversation_started')).conversation_id];
    expect(new Set(ids).size).toBe(2);
    first.say({ type: 'text_message', text: 'Hi!' });
    await eventually(() => first.frames.some(({ last }) => last), 'the end of the reply');
    expect(second.frames).toEqual([]);
    expect(second.of('transcript')).toEqual([]);
    first.say({ type: 'end_conversation' });
    await first.closed();
    second.say({ type: 'heartbeat' });
    await second.hears('heartbeat');
    expect(fakes.stt.openSessions).toBe(1);
  });

  it('releases all resources when a client disconnects without notice', async () => {
    const client = await server.connect();
    client.say(START);
    client.say({ type: 'text_message', text: 'Hi!' });
    await eventually(() => client.frames.length > 0, 'audio');
    expect(fakes.open).toBeGreaterThan(0);
    client.socket.terminate();
    await eventually(() => connections() === 0, 'the connection to go');
    expect(fakes.open).toBe(0);
    expect(server.app.get(SessionFactory, { strict: false }).resources()).toEqual({ sessions: 0, streams: 0, timers: 0 });
  });

  it.each([
    ['https://evil.example', 1008],
    ['null', 1008],
  ])('refuses a page of the origin %s', async (origin, code) => {
    const client = await server.connect({ origin });
    expect(await client.closed()).toBe(code);
    expect(client.messages).toEqual([]);
    expect(connections()).toBe(0);
  });

  it('accepts pages of its own origin and of listed origins', async () => {
    for (const origin of [server.origin, 'https://app.example']) {
      const client = await server.connect({ origin });
      await client.hears('connection_established');
    }
    expect(connections()).toBe(2);
  });

  it.each<[name: string, messages: (Buffer | string)[]]>([
    ['bytes', [Buffer.alloc(1024 * 1024 + 1)]],
    ['text', ['x'.repeat(3 * 1024 * 1024)]],
    ['bytes, while more are on their way', new Array<Buffer>(8).fill(Buffer.alloc(2 * 1024 * 1024))],
  ])('ends a connection with 1009 after too many %s in one message', async (_name, messages) => {
    const client = await server.connect();
    client.say(START);
    await client.hears('conversation_started');
    for (const message of messages) client.socket.send(message);
    expect(await client.closed()).toBe(1009);
    await eventually(() => connections() === 0, 'the connection to go');
    expect(fakes.open).toBe(0);
    expect(logger.faults).toMatchObject([{ level: 'warn', line: { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' } }]);
  });

  it('survives a client that violates the WebSocket protocol', async () => {
    const socket = upgrade('/ws');
    await eventually(() => connections() === 1, 'the connection');
    // A frame that sets reserved bits and is not masked.
    socket.write(Buffer.from([0xff, 0x01, 0x00]));
    await eventually(() => connections() === 0, 'the connection to go');
    expect(logger.faults).toMatchObject([{ level: 'warn' }]);
    const next = await server.connect();
    await next.hears('connection_established');
  });

  it('survives a client that was refused and then violates the WebSocket protocol', async () => {
    const socket = upgrade('/ws', 'Origin: https://evil.example\r\n');
    await eventually(() => socket.bytesRead > 0, 'the answer');
    socket.write(Buffer.from([0xff, 0x01, 0x00]));
    await eventually(() => logger.faults.length > 0, 'the log');
    expect(logger.faults).toMatchObject([{ level: 'warn' }]);
    socket.destroy();
  });

  it.each(['/ws/nothing', '/ws/?x=1', '/'])('answers an upgrade of %s with 404 and closes the connection', async (path) => {
    const socket = upgrade(path);
    let answer = '';
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    await eventually(() => socket.destroyed || socket.readableEnded, 'the socket to be closed');
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    socket.destroy();
  });

  it('accepts an upgrade whose path is followed by a query', async () => {
    const socket = upgrade('/ws?language=en');
    let answer = '';
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    await eventually(() => answer.includes('connection_established'), 'the greeting');
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    socket.destroy();
  });

  it('shuts down gracefully: it announces the end to every conversation and closes with 1001', async () => {
    const [talking, greeted] = [await server.connect(), await server.connect()];
    talking.say(START);
    talking.say({ type: 'text_message', text: 'Hi!' });
    await eventually(() => talking.frames.length > 0, 'audio');
    await server.app.close();
    expect([await talking.closed(), await greeted.closed()]).toEqual([1001, 1001]);
    expect(talking.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'server_shutdown' });
    expect(fakes.open).toBe(0);
    expect(logger.faults).toEqual([]);
  });

  it('shuts down in bounded time although a client does not answer the close frame', async () => {
    const client = await server.connect();
    client.say(START);
    await client.hears('conversation_started');
    client.socket.pause();
    const startedMs = performance.now();
    await server.app.close();
    // The shutdown takes the two seconds that clients get, not the half minute of the closing handshake.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(fakes.open).toBe(0);
  });
});
