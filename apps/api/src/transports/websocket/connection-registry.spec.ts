import { type EngineFactory, OpeningQueue } from '@parley/engine';
import { FakeClientSocket } from '../../testing/fake-client-socket';
import { TEST_ENGINE } from '../../testing/connected-client';
import { RecordingEngine } from '../../testing/recording-engine';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { pass, settle, startVirtualTime } from '@parley/engine/testing';
import { ClientConnection } from './client-connection';
import { ConnectionRegistry } from './connection-registry';
import { InputMeter } from './input/input-meter';
import { newOpusDecoder } from './input/opus-decoder';

describe('ConnectionRegistry', () => {
  let logger: RecordingLogger;
  let registry: ConnectionRegistry;

  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
    registry = new ConnectionRegistry(testSettings());
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  function connect(engine = new RecordingEngine()): { socket: FakeClientSocket; engine: RecordingEngine } {
    const socket = new FakeClientSocket();
    const pipeline: EngineFactory = { open: async () => engine, describe: () => TEST_ENGINE };
    const options = {
      engines: { pipeline },
      openings: new OpeningQueue({ maxOpening: 50 }),
      newOpusDecoder,
      meter: new InputMeter(),
      wire: socket.wire,
      now: () => 0,
    };
    registry.add(new ClientConnection(socket, options, (closed) => registry.remove(closed)));
    return { socket, engine };
  }

  /** Whether the shutdown has finished. */
  function shutDown(): () => boolean {
    let isOver = false;
    void registry.beforeApplicationShutdown().then(() => (isOver = true));
    return () => isOver;
  }

  it('counts the connected clients', () => {
    const { socket } = connect();
    connect();
    expect(registry.size).toBe(2);
    socket.disconnect();
    socket.disconnect();
    expect(registry.size).toBe(1);
  });

  it('closes only the connections on which no conversation was started for ten seconds', async () => {
    const [idle, talking] = [connect(), connect()];
    talking.socket.says({ type: 'start_conversation' });
    await pass(9_999);
    expect(idle.socket.closes).toEqual([]);
    await pass(1);
    expect(idle.socket.of('error')).toEqual([{ type: 'error', code: 'not_started', message: expect.any(String), fatal: true }]);
    expect(idle.socket.closes).toEqual([1000]);
    expect(talking.socket.closes).toEqual([]);
  });

  it('does not wait for clients that have disconnected', () => {
    const { socket } = connect();
    socket.disconnect();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('counts the connected clients by engine', async () => {
    const [first] = [connect(), connect()];
    first.socket.says({ type: 'start_conversation' });
    expect(registry.counts()).toEqual({ none: 1, pipeline: 1, agent: 0, narration: 0 });
    first.socket.disconnect();
    expect(registry.counts()).toEqual({ none: 1, pipeline: 0, agent: 0, narration: 0 });
  });

  it('sends a message to all clients', () => {
    const clients = [connect(), connect()];
    clients[1].socket.disconnect();
    clients.push(connect());
    registry.broadcast({ type: 'notice', code: 'server_closing', message: 'Back soon.' });
    expect(clients.map(({ socket }) => socket.of('notice').length)).toEqual([1, 0, 1]);
  });

  it('tells all clients that the server shuts down before it ends any conversation', async () => {
    const said: string[] = [];
    class LastWords extends RecordingEngine {
      override end(): void {
        said.push('closed');
      }
    }
    const clients = [connect(new LastWords()), connect()];
    clients[0].socket.says({ type: 'start_conversation' });
    await settle();
    for (const { socket } of clients)
      jest.spyOn(socket, 'send').mockImplementation((data) => void said.push(JSON.parse(String(data)).code));
    shutDown();
    expect(said).toEqual(['server_closing', 'server_closing', 'closed']);
    for (const { socket } of clients) socket.disconnect();
  });

  it('shuts down at once when no client is connected', async () => {
    const isOver = shutDown();
    expect(registry.draining).toBe(true);
    await settle();
    expect(isOver()).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends every conversation at a shutdown, and waits until all clients have disconnected', async () => {
    const clients = [connect(), connect(), connect()];
    for (const { socket } of clients) socket.says({ type: 'start_conversation' });
    await settle();
    expect(registry.draining).toBe(false);
    const isOver = shutDown();
    expect(clients.map(({ engine }) => engine.calls)).toEqual(clients.map(() => [['end', 'server_shutdown']]));
    clients[0].socket.disconnect();
    clients[1].socket.disconnect();
    await settle();
    expect(isOver()).toBe(false);
    clients[2].socket.disconnect();
    await settle();
    expect(isOver()).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits at most two seconds for clients at a shutdown', async () => {
    connect();
    const isOver = shutDown();
    jest.advanceTimersByTime(1_990);
    await settle();
    expect(isOver()).toBe(false);
    jest.advanceTimersByTime(10);
    await settle();
    expect(isOver()).toBe(true);
  });

  it('ends every conversation even when one engine fails', async () => {
    const [first, second] = [connect(), connect()];
    for (const { socket } of [first, second]) socket.says({ type: 'start_conversation' });
    await settle();
    first.engine.failure = new Error('oops');
    shutDown();
    expect(first.socket.closes).toEqual([1001]);
    expect(second.engine.calls).toEqual([['end', 'server_shutdown']]);
  });

  describe('while it drains', () => {
    const drain = (withinMs: number): (() => boolean) => {
      let isOver = false;
      void registry.drain(withinMs).then(() => (isOver = true));
      return () => isOver;
    };

    it('closes clients without a conversation at once, and lets conversations go on', async () => {
      const [idle, talking] = [connect(), connect()];
      talking.socket.says({ type: 'start_conversation' });
      await settle();
      drain(10_000);
      expect(registry.draining).toBe(true);
      expect([idle, talking].map(({ socket }) => socket.of('notice').map(({ code }) => code))).toEqual([
        ['server_closing'],
        ['server_closing'],
      ]);
      expect(idle.socket.closes).toEqual([1001]);
      await pass(4_900);
      expect([talking.socket.closes, talking.engine.calls]).toEqual([[], []]);
      talking.socket.disconnect();
      idle.socket.disconnect();
      await pass(200);
    });

    it('ends a conversation when its turn is over, and is over when the client has left', async () => {
      const { socket, engine } = connect();
      socket.says({ type: 'start_conversation' });
      await settle();
      engine.isInTurn = true;
      const isOver = drain(10_000);
      await pass(7_000);
      expect(engine.calls).toEqual([]);
      engine.isInTurn = false;
      await pass(200);
      expect(engine.calls).toEqual([['end', 'server_shutdown']]);
      expect(isOver()).toBe(false);
      socket.disconnect();
      await pass(200);
      expect(isOver()).toBe(true);
    });

    it('is told once, also when the shutdown follows', async () => {
      const { socket, engine } = connect();
      socket.says({ type: 'start_conversation' });
      await settle();
      engine.isInTurn = true;
      const isOver = drain(1_000);
      await pass(1_000);
      expect(isOver()).toBe(true);
      shutDown();
      expect(socket.of('notice')).toHaveLength(1);
      expect(engine.calls).toEqual([['end', 'server_shutdown']]);
      socket.disconnect();
      await settle();
    });
  });
});
