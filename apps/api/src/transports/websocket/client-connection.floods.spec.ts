import { MAX_CONTROL_MESSAGE_BYTES } from '@parley/protocol';
import { ConnectedClient, START } from '../../testing/connected-client';
import { RecordingLogger } from '../../testing/recording-logger';
import { pass, startVirtualTime } from '@parley/engine/testing';

const TWO_BYTES = Buffer.alloc(2);
const UNREAD = 9 * 1024 * 1024;
const heartbeatOf = (byteLength: number): string => {
  const [start, end] = ['{"type":"heartbeat","x":"', '"}'];
  return `${start}${'x'.repeat(byteLength - start.length - end.length)}${end}`;
};

describe('ClientConnection: floods', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  /** Sends until the server has had enough; how often that was. */
  function sendUntilClosed({ socket }: ConnectedClient, send: () => void, most = 50_000): number {
    let sent = 0;
    while (socket.closes.length === 0 && sent < most) {
      send();
      sent += 1;
    }
    return sent;
  }

  /** Told of it first, then sent away, and not read any more; ended although it does not answer. */
  async function expectSentAway({ socket }: ConnectedClient): Promise<void> {
    expect(socket.errorCodes).toEqual(['rate_limited', 'rate_limited']);
    expect(socket.of('error').map(({ fatal }) => fatal)).toEqual([false, true]);
    expect(socket.closes).toEqual([1008]);
    expect(socket.isPaused).toBe(true);
    expect(socket.terminated).toBe(0);
    await pass(1_000);
    expect(socket.terminated).toBe(1);
    expect(socket.listenerCounts).toEqual({});
    expect(jest.getTimerCount()).toBe(0);
  }

  it('of tiny audio end the connection soon', async () => {
    const client = await ConnectedClient.started();
    expect(sendUntilClosed(client, () => client.socket.sends(TWO_BYTES))).toBeLessThan(10_000);
    expect(client.calls.length).toBeLessThanOrEqual(60_000 / 20 + 1);
    await expectSentAway(client);
  });

  it('of tiny audio in JSON end the connection soon', async () => {
    const client = await ConnectedClient.started();
    const chunk = { type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: TWO_BYTES.toString('base64') };
    expect(sendUntilClosed(client, () => client.socket.says(chunk))).toBeLessThan(10_000);
    expect(client.calls.length).toBeLessThanOrEqual(60_000 / 20 + 1);
    await expectSentAway(client);
  });

  it.each(['ping', 'pong'] as const)('of %ss end the connection soon, before the conversation and in it', async (kind) => {
    for (const client of [new ConnectedClient(), await ConnectedClient.started()]) {
      expect(sendUntilClosed(client, () => client.socket.pings(TWO_BYTES, kind))).toBeLessThan(6_000);
      expect(client.socket.pongs.length).toBeLessThanOrEqual(kind === 'ping' ? 100 : 0);
      await expectSentAway(client);
    }
  });

  it('of long messages end the connection by their bytes', async () => {
    const client = await ConnectedClient.started();
    const brackets = '['.repeat(1_000_000);
    const parsed = jest.spyOn(JSON, 'parse');
    const sent = sendUntilClosed(client, () => client.socket.says(brackets));
    expect(sent).toBeLessThan(20);
    expect(parsed.mock.calls.filter(([text]) => text === brackets)).toEqual([]);
    parsed.mockRestore();
    await expectSentAway(client);
  });

  it('of audio as long as may be end the connection by their bytes', async () => {
    const client = await ConnectedClient.started();
    expect(sendUntilClosed(client, () => client.socket.sends(Buffer.alloc(64_000)))).toBeLessThan(200);
    await expectSentAway(client);
  });

  it('behind the end of the conversation end the connection too, although nothing more is said', async () => {
    const client = await ConnectedClient.started();
    client.emit({ type: 'ended', reason: 'client' });
    for (let sent = 0; sent < 6_000; sent++) client.socket.sends(TWO_BYTES);
    expect(client.socket.isPaused).toBe(true);
    expect(client.socket.messages.map(({ type }) => type)).toEqual(['conversation_ended']);
    expect(client.socket.closes).toEqual([1000]);
    await pass(1_000);
    expect(client.socket.terminated).toBe(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('are not what a line makes that stood still for fifteen seconds', async () => {
    for (const milliseconds of [8, 20, 60]) {
      const client = await ConnectedClient.started();
      const frame = Buffer.alloc(32 * milliseconds);
      for (let sentMs = 0; sentMs < 15_000; sentMs += milliseconds) client.socket.sends(frame);
      for (let second = 0; second < 15; second++) {
        client.socket.says({ type: 'heartbeat' });
        client.socket.pings();
        for (let report = 0; report < 4; report++) client.socket.says({ type: 'playback', turn: 1, event: 'progress', played_ms: 1 });
      }
      expect(client.socket.errorCodes).toEqual([]);
      expect(client.socket.closes).toEqual([]);
      expect(client.calls.filter((call) => Array.isArray(call) && call[0] === 'pushAudio')).toHaveLength(Math.ceil(15_000 / milliseconds));
    }
  });

  it('of pings by a client that does not read fill no memory', () => {
    const { socket } = new ConnectedClient();
    socket.pings(Buffer.from('1'));
    expect(socket.pongs.map(String)).toEqual(['1']);
    socket.bufferedAmount = UNREAD;
    socket.pings(Buffer.from('2'));
    expect(socket.pongs.map(String)).toEqual(['1']);
    expect(socket.terminated).toBe(1);
  });

  describe('until the conversation has started', () => {
    it('a message may be as long as the longest start, and no longer', () => {
      const { socket } = new ConnectedClient();
      socket.says(heartbeatOf(MAX_CONTROL_MESSAGE_BYTES));
      expect(socket.of('heartbeat')).toHaveLength(1);
      socket.says(heartbeatOf(MAX_CONTROL_MESSAGE_BYTES + 1));
      expect(socket.closes).toEqual([1009]);
      expect(socket.of('heartbeat')).toHaveLength(1);
      expect(socket.isPaused).toBe(true);
    });

    it('a message of bytes may be no longer either', () => {
      const { socket } = new ConnectedClient();
      socket.sends(Buffer.alloc(MAX_CONTROL_MESSAGE_BYTES + 1));
      expect(socket.closes).toEqual([1009]);
    });

    it('a message that is too long is not waited for', async () => {
      const { socket, closed, connection } = new ConnectedClient();
      const piece = Buffer.alloc(64 * 1024);
      for (let pieces = 0; pieces < 3; pieces++) socket.wire.emit('data', piece);
      expect(socket.closes).toEqual([]);
      socket.wire.emit('data', piece);
      expect(socket.closes).toEqual([1009]);
      await pass(1_000);
      expect(closed).toEqual([connection]);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('many messages may come', () => {
      const { socket } = new ConnectedClient();
      for (let sent = 0; sent < 90; sent++) {
        socket.wire.emit('data', Buffer.alloc(64 * 1024));
        socket.says(heartbeatOf(60_000));
      }
      expect(socket.closes).toEqual([]);
      expect(socket.of('heartbeat')).toHaveLength(90);
    });

    it('a start that is refused changes nothing', () => {
      const client = new ConnectedClient(undefined, ['agent']);
      client.socket.says(START);
      client.socket.says(heartbeatOf(MAX_CONTROL_MESSAGE_BYTES + 1));
      expect(client.socket.closes).toEqual([1009]);
    });
  });

  it('once it has started, a message may be as long as audio is', async () => {
    const client = await ConnectedClient.started();
    client.socket.says(heartbeatOf(1_000_000));
    for (let pieces = 0; pieces < 100; pieces++) client.socket.wire.emit('data', Buffer.alloc(64 * 1024));
    expect(client.socket.of('heartbeat')).toHaveLength(1);
    expect(client.socket.closes).toEqual([]);
  });
});
