import { type Conversation, OpeningQueue } from '@parley/engine';
import { ConnectedClient, START } from '../../testing/connected-client';
import { RecordingLogger } from '@parley/server/testing';
import { settle, startVirtualTime } from '@parley/engine/testing';

describe('ClientConnection: a conversation', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  describe('when many conversations are opened at once', () => {
    /** Clients that share one place for opening conversations; the test decides when each engine is ready. */
    function crowd(count: number): { clients: ConnectedClient[]; ready: ((engine: Conversation) => void)[]; openings: OpeningQueue } {
      const openings = new OpeningQueue({ maxOpening: 1 });
      const ready: ((engine: Conversation) => void)[] = [];
      const open = (): Promise<Conversation> => new Promise((resolve) => ready.push(resolve));
      const clients = Array.from({ length: count }, () => new ConnectedClient(open, ['pipeline', 'agent'], undefined, openings));
      return { clients, ready, openings };
    }

    it('waits for its turn in order of arrival, and keeps the input that arrives meanwhile', async () => {
      const { clients, ready, openings } = crowd(3);
      for (const { socket } of clients) socket.says(START);
      clients[1].socket.says({ type: 'text_message', text: 'Hi!' });
      expect(clients.map(({ opened, socket }) => [opened.length, socket.of('conversation_started').length])).toEqual([
        [1, 1],
        [0, 0],
        [0, 0],
      ]);
      expect([openings.opening, openings.waitingCount]).toEqual([1, 2]);
      ready[0](clients[0].engine);
      await settle();
      expect(clients.map(({ opened }) => opened.length)).toEqual([1, 1, 0]);
      ready[1](clients[1].engine);
      await settle();
      expect(clients[1].calls).toEqual([['pushText', 'Hi!']]);
      expect(clients[2].opened).toHaveLength(1);
      ready[2](clients[2].engine);
      await settle();
      expect([openings.opening, openings.waitingCount]).toEqual([0, 0]);
    });

    it('gives up its place when the client disconnects, before its turn or during it', async () => {
      const { clients, ready, openings } = crowd(3);
      for (const { socket } of clients) socket.says(START);
      clients[1].socket.disconnect();
      expect(openings.waitingCount).toBe(1);
      clients[0].socket.disconnect();
      expect(openings.opening).toBe(1);
      ready[0](clients[0].engine);
      await settle();
      expect(clients[0].calls).toEqual([['end', 'client']]);
      expect(clients.map(({ opened }) => opened.length)).toEqual([1, 0, 1]);
      ready[1](clients[2].engine);
      await settle();
      expect(openings.opening).toBe(0);
    });

    it('is refused when too many are waiting, and the client may try again', async () => {
      const { clients, ready, openings } = crowd(12);
      for (const { socket } of clients) socket.says(START);
      const last = clients[11].socket;
      expect(last.of('error')).toMatchObject([{ code: 'rate_limited', fatal: false }]);
      last.says({ type: 'text_message', text: 'Hi!' });
      expect(last.errorCodes).toEqual(['rate_limited', 'not_started']);
      ready[0](clients[0].engine);
      await settle();
      last.says(START);
      expect(last.errorCodes).toHaveLength(2);
      expect(openings.waitingCount).toBe(10);
      for (const { socket } of clients) socket.disconnect();
      ready[1](clients[1].engine);
      await settle();
      expect([openings.opening, openings.waitingCount]).toEqual([0, 0]);
    });

    it('ends when it should have started by itself but too many are waiting', () => {
      const { clients } = crowd(12);
      for (const { connection } of clients) connection.startAtOnce({ ok: true, start: { type: 'start_conversation', engine: 'agent' } });
      expect(clients[11].socket.of('error')).toMatchObject([{ code: 'rate_limited', fatal: true }]);
      expect(clients[11].socket.closes).toEqual([1011]);
    });

    it('is closed when the server shuts down before its turn', () => {
      const { clients, openings } = crowd(2);
      for (const { socket } of clients) socket.says(START);
      clients[1].connection.shutDown();
      expect(clients[1].socket.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'server_shutdown' });
      expect(clients[1].socket.closes).toEqual([1001]);
      expect(openings.waitingCount).toBe(0);
    });

    it('ends at once when the client ends it before its turn, and as soon as the engine is ready when the client ends it during its turn', async () => {
      const { clients, ready, openings } = crowd(2);
      for (const { socket } of clients) {
        socket.says(START);
        socket.says({ type: 'text_message', text: 'Never mind.' });
        socket.says({ type: 'end_conversation' });
      }
      expect(clients.map(({ socket }) => socket.closes)).toEqual([[], [1000]]);
      expect(clients[1].socket.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'client' });
      expect(openings.waitingCount).toBe(0);
      ready[0](clients[0].engine);
      await settle();
      expect(clients[0].calls).toEqual([['end', 'client']]);
      clients[0].socket.disconnect();
      expect(clients[0].calls).toHaveLength(1);
    });

    it('gives up its place when the engine is not ready in time, and closes the engine if it becomes ready later', async () => {
      startVirtualTime();
      try {
        const { clients, ready, openings } = crowd(2);
        for (const { socket } of clients) socket.says(START);
        jest.advanceTimersByTime(30_000);
        await settle();
        expect(clients[0].socket.closes).toEqual([1011]);
        expect(clients[1].opened).toHaveLength(1);
        ready[0](clients[0].engine);
        ready[1](clients[1].engine);
        await settle();
        expect(clients.map(({ calls }) => calls)).toEqual([[['end', 'error']], []]);
        expect(openings.opening).toBe(0);
        expect(jest.getTimerCount()).toBe(0);
      } finally {
        jest.useRealTimers();
      }
    });
  });

  describe('that starts by itself', () => {
    const start = { type: 'start_conversation', engine: 'agent', audio_transport: 'json' } as const;

    it('is opened without a message of the client, and a later start message is refused', async () => {
      const client = new ConnectedClient(undefined, ['pipeline', 'agent']);
      client.connection.startAtOnce({ ok: true, start });
      expect(client.socket.messages).toMatchObject([{ type: 'connection_established' }, { type: 'conversation_started', engine: 'agent' }]);
      expect(client.opened).toMatchObject([{ options: { conversationId: client.connection.id } }]);
      client.socket.says(START);
      expect(client.socket.errorCodes).toEqual(['already_started']);
      await settle();
      client.socket.says({ type: 'end_conversation' });
      expect(client.calls).toEqual([['end', 'client']]);
    });

    it.each([
      ['the engine is not available', { ok: true, start }, 'agent_failed', 1011],
      ['the query is invalid', { ok: false, message: 'language must be a tag' }, 'bad_message', 1008],
    ] as const)('ends the connection when %s', (_what, request, code, closeCode) => {
      const client = new ConnectedClient();
      client.connection.startAtOnce(request);
      expect(client.socket.messages.slice(1)).toEqual([
        { type: 'error', code, message: expect.stringMatching(/./), fatal: true },
        { type: 'conversation_ended', reason: 'error' },
      ]);
      expect(client.socket.closes).toEqual([closeCode]);
      client.socket.says(START);
      expect(client.opened).toEqual([]);
    });

    it('reports that the agent failed', async () => {
      const client = new ConnectedClient(() => Promise.reject(new Error('the key is secret-1')), ['agent']);
      client.connection.startAtOnce({ ok: true, start });
      await settle();
      expect(client.socket.of('error')).toEqual([{ type: 'error', code: 'agent_failed', message: expect.any(String), fatal: true }]);
      expect(JSON.stringify(client.socket.sent)).not.toContain('secret');
      expect(client.socket.closes).toEqual([1011]);
    });

    it('handles an engine factory that throws', () => {
      const client = new ConnectedClient(() => {
        throw new Error('oops');
      }, ['agent']);
      expect(() => client.connection.startAtOnce({ ok: true, start })).not.toThrow();
      expect(client.socket.errorCodes).toEqual(['agent_failed']);
    });
  });
});
