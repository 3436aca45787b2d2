import { MAX_CONTROL_MESSAGE_BYTES } from '@parley/protocol';
import { ConnectedClient, START } from '../../testing/connected-client';
import { RecordingLogger } from '@parley/server/testing';
import { pass, startVirtualTime } from '@parley/engine/testing';

const TWO_BYTES = Buffer.alloc(2);
const UNREAD = 9 * 1024 * 1024;
const heartbeatOf = (byteLength: number): string => {
  const [start, end] = ['{"type":"heartbeat","x":"', '"}'];
  return `${start}${'x'.repeat(byteLength - start.length - end.length)}${end}`;
};

describe('ClientConnection: protection against floods', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  /** Sends repeatedly until the server ends the connection; returns how often it was sent. */
  function sendUntilClosed({ socket }: ConnectedClient, send: () => void, most = 50_000): number {
    let sent = 0;
    while (socket.closes.length === 0 && sent < most) {
      send();
      sent += 1;
    }
    return sent;
  }

  /** Expects that the client is warned, then disconnected and no longer read from, and that its socket ends even without an answer. */
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

  it('soon ends the connection of a client that sends a flood of tiny binary audio frames', async () => {
    const client = await ConnectedClient.started();
    expect(sendUntilClosed(client, () => client.socket.sends(TWO_BYTES))).toBeLessThan(10_000);
    expect(client.calls.length).toBeLessThanOrEqual(60_000 / 20 + 1);
    await expectSentAway(client);
  });

  it('soon ends the connection of a client that sends a flood of tiny audio chunks in JSON', async () => {
    const client = await ConnectedClient.started();
    const chunk = { type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: TWO_BYTES.toString('base64') };
    expect(sendUntilClosed(client, () => client.socket.says(chunk))).toBeLessThan(10_000);
    expect(client.calls.length).toBeLessThanOrEqual(60_000 / 20 + 1);
    await expectSentAway(client);
  });

  it.each(['ping', 'pong'] as const)(
    'soon ends the connection after a flood of %s frames, before and during the conversation',
    async (kind) => {
      for (const client of [new ConnectedClient(), await ConnectedClient.started()]) {
        expect(sendUntilClosed(client, () => client.socket.pings(TWO_BYTES, kind))).toBeLessThan(6_000);
        expect(client.socket.pongs.length).toBeLessThanOrEqual(kind === 'ping' ? 100 : 0);
        await expectSentAway(client);
      }
    },
  );

  it('ends the connection of a client that sends too many bytes in long messages', async () => {
    const client = await ConnectedClient.started();
    const brackets = '['.repeat(1_000_000);
    const parsed = jest.spyOn(JSON, 'parse');
    const sent = sendUntilClosed(client, () => client.socket.says(brackets));
    expect(sent).toBeLessThan(20);
    expect(parsed.mock.calls.filter(([text]) => text === brackets)).toEqual([]);
    parsed.mockRestore();
    await expectSentAway(client);
  });

  it('ends the connection of a client that sends too many bytes in audio messages of the maximum length', async () => {
    const client = await ConnectedClient.started();
    expect(sendUntilClosed(client, () => client.socket.sends(Buffer.alloc(64_000)))).toBeLessThan(200);
    await expectSentAway(client);
  });

  it('also ends the connection when the flood comes after the end of the conversation, without any further message to the client', async () => {
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

  it('accepts the backlog of a connection that was stalled for fifteen seconds', async () => {
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

  it('does not let the memory grow when a client sends pings and does not read the answers', () => {
    const { socket } = new ConnectedClient();
    socket.pings(Buffer.from('1'));
    expect(socket.pongs.map(String)).toEqual(['1']);
    socket.bufferedAmount = UNREAD;
    socket.pings(Buffer.from('2'));
    expect(socket.pongs.map(String)).toEqual(['1']);
    expect(socket.terminated).toBe(1);
  });

  describe('before the conversation has started', () => {
    it('refuses a text message that is longer than the longest start message', () => {
      const { socket } = new ConnectedClient();
      socket.says(heartbeatOf(MAX_CONTROL_MESSAGE_BYTES));
      expect(socket.of('heartbeat')).toHaveLength(1);
      socket.says(heartbeatOf(MAX_CONTROL_MESSAGE_BYTES + 1));
      expect(socket.closes).toEqual([1009]);
      expect(socket.of('heartbeat')).toHaveLength(1);
      expect(socket.isPaused).toBe(true);
    });

    it('refuses a binary message that is longer than that as well', () => {
      const { socket } = new ConnectedClient();
      socket.sends(Buffer.alloc(MAX_CONTROL_MESSAGE_BYTES + 1));
      expect(socket.closes).toEqual([1009]);
    });

    it('ends the connection before a message that is too long is complete', async () => {
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

    it('accepts many messages of a permitted length', () => {
      const { socket } = new ConnectedClient();
      for (let sent = 0; sent < 90; sent++) {
        socket.wire.emit('data', Buffer.alloc(64 * 1024));
        socket.says(heartbeatOf(60_000));
      }
      expect(socket.closes).toEqual([]);
      expect(socket.of('heartbeat')).toHaveLength(90);
    });

    it('keeps the same limit after a start that was refused', () => {
      const client = new ConnectedClient(undefined, ['agent']);
      client.socket.says(START);
      client.socket.says(heartbeatOf(MAX_CONTROL_MESSAGE_BYTES + 1));
      expect(client.socket.closes).toEqual([1009]);
    });
  });

  it('accepts messages up to the maximum length of audio once the conversation has started', async () => {
    const client = await ConnectedClient.started();
    client.socket.says(heartbeatOf(1_000_000));
    for (let pieces = 0; pieces < 100; pieces++) client.socket.wire.emit('data', Buffer.alloc(64 * 1024));
    expect(client.socket.of('heartbeat')).toHaveLength(1);
    expect(client.socket.closes).toEqual([]);
  });
});
