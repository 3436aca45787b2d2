import { bytesFromPcm16, encodeWav } from '@parley/audio';
import { ConnectedClient, START } from '../../testing/connected-client';
import type { FakeClientSocket } from '../../testing/fake-client-socket';
import { RecordingLogger } from '@parley/server/testing';
import { settle } from '@parley/engine/testing';

const FRAME_BYTES = 640;
const frame = (sample: number): Buffer => Buffer.from(bytesFromPcm16(new Int16Array(320).fill(sample)));
const base64 = (pcm: Int16Array): string => Buffer.from(bytesFromPcm16(pcm)).toString('base64');

describe('ClientConnection', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  it('sends its greeting at once', () => {
    expect(new ConnectedClient().socket.sent).toEqual([
      { type: 'connection_established', message: expect.stringMatching(/./), protocol: 1 },
    ]);
  });

  it('starts no conversation before the client asks for it', async () => {
    const client = new ConnectedClient();
    await settle();
    expect(client.opened).toEqual([]);
  });

  it('describes the conversation before the engine can send anything', async () => {
    const client = new ConnectedClient(async ({ connection, engine }) => {
      connection.send({ type: 'state', state: 'USER_SPEAKING', turn: 1 });
      return engine;
    });
    client.socket.says({ ...START, language: 'en-IN' });
    expect(client.socket.messages.map(({ type }) => type)).toEqual(['connection_established', 'conversation_started', 'state']);
    expect(client.opened).toMatchObject([{ options: { conversationId: client.connection.id, language: 'en-IN' } }]);
  });

  describe('passes on to the engine, once the conversation has started,', () => {
    it('binary audio', async () => {
      const client = await ConnectedClient.started();
      client.socket.sends(frame(7));
      expect(client.calls).toEqual([['pushAudio', new Array(320).fill(7)]]);
    });

    it.each([
      ['an ArrayBuffer', new Uint8Array(frame(7)).buffer],
      ['fragments', [frame(7).subarray(0, 100), frame(7).subarray(100)]],
    ])('audio that arrived as %s', async (_name, data) => {
      const client = await ConnectedClient.started();
      client.socket.sends(data);
      expect(client.calls).toEqual([['pushAudio', new Array(320).fill(7)]]);
    });

    it.each([
      [{ type: 'text_message', text: 'Hi!' }, ['pushText', 'Hi!']],
      [{ type: 'interrupt' }, ['interrupt']],
      [
        { type: 'playback', turn: 2, event: 'progress', played_ms: 250.5 },
        ['reportPlayback', { turn: 2, event: 'progress', playedMs: 250.5 }],
      ],
      [{ type: 'end_conversation' }, ['end', 'client']],
      [{ type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: base64(Int16Array.of(1, -2)) }, ['pushAudio', [1, -2]]],
      [
        { type: 'audio_chunk', format: 'audio/wav', data: Buffer.from(encodeWav(Int16Array.of(1, -2), 16_000)).toString('base64') },
        ['pushAudio', [1, -2]],
      ],
    ])('the message %j', async (message, call) => {
      const client = await ConnectedClient.started();
      client.socket.says(message);
      expect(client.calls).toEqual([call]);
      expect(client.socket.sent).toEqual([]);
    });

    it('no heartbeat, which it answers itself', async () => {
      const client = await ConnectedClient.started();
      client.socket.says({ type: 'heartbeat' });
      expect(client.calls).toEqual([]);
      expect(client.socket.sent).toEqual([{ type: 'heartbeat' }]);
    });
  });

  it('answers a heartbeat before the conversation has started', () => {
    const { socket } = new ConnectedClient();
    socket.says({ type: 'heartbeat' });
    expect(socket.of('heartbeat')).toHaveLength(1);
    expect(socket.errorCodes).toEqual([]);
  });

  describe('answers with an error, and keeps the connection open, after', () => {
    const odd = Buffer.alloc(641);
    const cases: [name: string, send: (socket: FakeClientSocket) => void, code: string][] = [
      ['text that is not JSON', (socket) => socket.says('{"type":'), 'bad_message'],
      ['an empty message', (socket) => socket.says(''), 'bad_message'],
      ['JSON that is not an object', (socket) => socket.says('[1,2]'), 'bad_message'],
      ['a message without a type', (socket) => socket.says({ text: 'Hi!' }), 'bad_message'],
      ['an unknown type', (socket) => socket.says({ type: 'sing' }), 'unknown_type'],
      ['a type that is the name of an inherited property', (socket) => socket.says({ type: 'constructor' }), 'unknown_type'],
      ['an empty text message', (socket) => socket.says({ type: 'text_message', text: '' }), 'bad_message'],
      ['a text message that is too long', (socket) => socket.says({ type: 'text_message', text: 'x'.repeat(4_001) }), 'bad_message'],
      ['a playback report with invalid fields', (socket) => socket.says({ type: 'playback', turn: 'one' }), 'bad_message'],
      ['a second start', (socket) => socket.says(START), 'already_started'],
      ['empty audio', (socket) => socket.sends(Buffer.alloc(0)), 'invalid_audio'],
      ['half a sample', (socket) => socket.sends(odd), 'invalid_audio'],
      ['more than two seconds of audio', (socket) => socket.sends(Buffer.alloc(101 * FRAME_BYTES)), 'invalid_audio'],
      [
        'an audio chunk that is not base64',
        (socket) => socket.says({ type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: '###=' }),
        'invalid_audio',
      ],
      [
        'an audio chunk that ends with half a sample',
        (socket) => socket.says({ type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: odd.toString('base64') }),
        'invalid_audio',
      ],
      [
        'an unsupported audio format',
        (socket) => socket.says({ type: 'audio_chunk', format: 'audio/ogg', data: 'AAAA' }),
        'unsupported_format',
      ],
    ];

    it.each(cases)('%s', async (_name, send, code) => {
      const client = await ConnectedClient.started();
      send(client.socket);
      expect(client.socket.sent).toEqual([{ type: 'error', code, message: expect.stringMatching(/[.\w]$/), fatal: false }]);
      expect(client.calls).toEqual([]);
      client.socket.says({ type: 'text_message', text: 'Still there?' });
      expect(client.calls).toEqual([['pushText', 'Still there?']]);
      expect(client.socket.closes).toEqual([]);
    });

    it.each([
      ['audio', (socket: FakeClientSocket) => socket.sends(frame(1))],
      ['an audio chunk', (socket: FakeClientSocket) => socket.says({ type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: 'AAAA' })],
      ['a text message', (socket: FakeClientSocket) => socket.says({ type: 'text_message', text: 'Hi!' })],
      ['an interrupt message', (socket: FakeClientSocket) => socket.says({ type: 'interrupt' })],
      ['a playback report', (socket: FakeClientSocket) => socket.says({ type: 'playback', turn: 1, event: 'ended', played_ms: 1 })],
      ['an end message', (socket: FakeClientSocket) => socket.says({ type: 'end_conversation' })],
    ])('%s before the start', (_name, send) => {
      const { socket, opened } = new ConnectedClient();
      send(socket);
      expect(socket.errorCodes).toEqual(['not_started']);
      socket.says(START);
      expect(opened).toHaveLength(1);
    });

    it('a start with invalid fields, and accepts a correct start afterwards', () => {
      const { socket, opened } = new ConnectedClient();
      socket.says({ ...START, voice_id: '../../etc' });
      expect(socket.errorCodes).toEqual(['bad_message']);
      expect(JSON.stringify(socket.sent)).not.toContain('etc');
      socket.says({ ...START, voice_id: 'alice' });
      expect(opened).toHaveLength(1);
    });

    it('a start with an unknown engine, and accepts a start with a known one afterwards', () => {
      const { socket, opened } = new ConnectedClient();
      socket.says({ ...START, engine: 'agent' });
      expect(socket.errorCodes).toEqual(['agent_failed']);
      expect(opened).toEqual([]);
      socket.says(START);
      expect(opened).toHaveLength(1);
    });
  });

  describe('sends to the client', () => {
    it('speech as binary frames', async () => {
      const client = await ConnectedClient.started();
      client.output.play({ turn: 2, seq: 5, pcm: Int16Array.of(1, -1), last: false });
      client.output.play({ turn: 2, seq: 6, pcm: new Int16Array(0), last: true });
      expect(client.socket.frames).toMatchObject([
        { turn: 2, seq: 5, last: false },
        { turn: 2, seq: 6, last: true },
      ]);
      expect(client.socket.frames.map((speech) => [...(speech?.pcm ?? [])])).toEqual([[1, 0, 255, 255], []]);
    });

    it('only the relevant part of a longer audio buffer', async () => {
      const client = await ConnectedClient.started({ audio_transport: 'json' });
      client.output.play({ turn: 1, seq: 0, pcm: Int16Array.of(9, 1, 2, 9).subarray(1, 3), last: false });
      expect(client.socket.sent).toEqual([{ type: 'audio_response', turn: 1, seq: 0, data: base64(Int16Array.of(1, 2)), is_final: false }]);
    });

    it('speech as JSON when the client has asked for it', async () => {
      const client = await ConnectedClient.started({ audio_transport: 'json' });
      client.output.play({ turn: 2, seq: 5, pcm: Int16Array.of(1, -1), last: false });
      client.output.play({ turn: 2, seq: 6, pcm: new Int16Array(0), last: true });
      expect(client.socket.sent).toEqual([
        { type: 'audio_response', turn: 2, seq: 5, data: base64(Int16Array.of(1, -1)), is_final: false },
        { type: 'audio_response', turn: 2, seq: 6, data: '', is_final: true },
      ]);
    });

    it('nothing after the client has disconnected', async () => {
      const client = await ConnectedClient.started();
      client.socket.disconnect();
      expect(() => {
        client.connection.send({ type: 'heartbeat' });
        client.output.play({ turn: 1, seq: 0, pcm: Int16Array.of(1), last: false });
      }).not.toThrow();
      expect(client.socket.sent).toEqual([]);
    });

    it('nothing more when the client does not read, and ends the connection', async () => {
      const client = await ConnectedClient.started();
      client.socket.bufferedAmount = 2 * 1024 * 1024;
      client.connection.send({ type: 'heartbeat' });
      expect(client.socket.terminated).toBe(0);
      client.socket.bufferedAmount += 1;
      client.output.play({ turn: 1, seq: 0, pcm: Int16Array.of(1), last: false });
      client.connection.send({ type: 'heartbeat' });
      expect(client.socket.terminated).toBe(1);
      expect(client.socket.sent).toHaveLength(1);
      expect(client.calls).toEqual([['end', 'client']]);
      expect(client.closed).toHaveLength(1);
    });
  });

  it('has one listener of each kind on its socket, and never logs the content of the conversation', async () => {
    const client = await ConnectedClient.started();
    client.socket.says({ type: 'text_message', text: 'my secret' });
    client.socket.says('my secret');
    expect(client.socket.listenerCounts).toEqual({ message: 1, ping: 1, pong: 1, error: 1, close: 1 });
    expect(logger.text).not.toContain('secret');
  });
});
