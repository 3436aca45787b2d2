import { bytesFromPcm16 } from '@parley/audio';
import type { Conversation } from '@parley/engine';
import { ConnectedClient, START } from '../../testing/connected-client';
import { RecordingLogger } from '@parley/server/testing';
import { settle } from '@parley/engine/testing';

const frame = (sample: number): Buffer => Buffer.from(bytesFromPcm16(new Int16Array(320).fill(sample)));

describe('ClientConnection and its engine', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  describe('while the engine is being created', () => {
    const slow = (): { client: ConnectedClient; ready: () => Promise<void>; fail: (error: unknown) => Promise<void> } => {
      let resolve: (engine: Conversation) => void = () => undefined;
      let reject: (error: unknown) => void = () => undefined;
      const client = new ConnectedClient(
        () =>
          new Promise((resolved, rejected) => {
            resolve = resolved;
            reject = rejected;
          }),
      );
      client.socket.says(START);
      return {
        client,
        ready: () => {
          resolve(client.engine);
          return settle();
        },
        fail: (error) => {
          reject(error);
          return settle();
        },
      };
    };

    it('keep the incoming messages in their order', async () => {
      const { client, ready } = slow();
      client.socket.sends(Buffer.from(bytesFromPcm16(Int16Array.of(1))));
      client.socket.says({ type: 'text_message', text: 'Two' });
      client.socket.sends(Buffer.from(bytesFromPcm16(Int16Array.of(3))));
      client.socket.says({ type: 'interrupt' });
      expect(client.calls).toEqual([]);
      await ready();
      client.socket.says({ type: 'text_message', text: 'Five' });
      expect(client.calls).toEqual([['pushAudio', [1]], ['pushText', 'Two'], ['pushAudio', [3]], ['interrupt'], ['pushText', 'Five']]);
    });

    it('copy the audio instead of keeping the buffer in which it arrived', async () => {
      const { client, ready } = slow();
      const buffer = frame(5);
      client.socket.sends(buffer);
      await ready();
      expect(client.calls).toEqual([['pushAudio', new Array(320).fill(5)]]);
    });

    it('keep only a limited amount of input', async () => {
      const { client, ready } = slow();
      for (let sent = 0; sent < 1_002; sent++) client.socket.sends(Buffer.from(bytesFromPcm16(Int16Array.of(sent))));
      expect(client.socket.errorCodes).toEqual(['rate_limited', 'rate_limited']);
      await ready();
      expect(client.calls).toHaveLength(1_000);
      expect(client.calls.at(-1)).toEqual(['pushAudio', [999]]);
    });

    it('refuse a second start', () => {
      const { client } = slow();
      client.socket.says(START);
      expect(client.socket.errorCodes).toEqual(['already_started']);
      expect(client.opened).toHaveLength(1);
    });

    it('close an engine that is ready only after the client has gone', async () => {
      const { client, ready } = slow();
      client.socket.disconnect();
      expect(client.closed).toEqual([client.connection]);
      await ready();
      expect(client.calls).toEqual([['end', 'client']]);
    });

    it('let the engine end the conversation as soon as it is ready when the server shuts down', async () => {
      const { client, ready } = slow();
      client.connection.shutDown();
      expect(client.socket.closes).toEqual([]);
      await ready();
      expect(client.calls).toEqual([['end', 'server_shutdown']]);
    });

    it('report that the engine cannot be created, and close the connection', async () => {
      const { client, fail } = slow();
      client.socket.sends(frame(1));
      await fail(new Error('no weights at /srv/secret'));
      expect(client.socket.messages.slice(-2)).toEqual([
        { type: 'error', code: 'internal', message: expect.any(String), fatal: true },
        { type: 'conversation_ended', reason: 'error' },
      ]);
      expect(JSON.stringify(client.socket.sent)).not.toContain('secret');
      expect(client.socket.closes).toEqual([1011]);
      expect(logger.lines).toMatchObject([{ level: 'error', line: { message: 'a conversation could not be started' } }]);
      client.socket.says({ type: 'heartbeat' });
      expect(client.socket.of('heartbeat')).toEqual([]);
    });

    it('handle an engine that throws on the input that was kept for it', async () => {
      const { client, ready } = slow();
      client.socket.says({ type: 'text_message', text: 'One' });
      client.socket.says({ type: 'text_message', text: 'Two' });
      client.engine.failure = new Error('oops');
      await ready();
      expect(client.socket.errorCodes).toEqual(['internal']);
      client.socket.says({ type: 'text_message', text: 'Three' });
      expect(client.calls).toEqual([
        ['pushText', 'One'],
        ['pushText', 'Two'],
        ['pushText', 'Three'],
      ]);
    });
  });

  describe('when the engine throws', () => {
    it('report an internal error of the server and continue', async () => {
      const client = await ConnectedClient.started();
      client.engine.failure = new Error('the words were: my password');
      client.socket.sends(frame(1));
      expect(client.socket.sent).toEqual([
        { type: 'error', code: 'internal', message: 'Something went wrong on the server.', fatal: false },
      ]);
      expect(logger.lines).toMatchObject([{ level: 'error', line: { message: 'a message could not be handled' } }]);
      expect(logger.text).not.toContain('password');
      client.socket.says({ type: 'text_message', text: 'Hi!' });
      expect(client.calls.at(-1)).toEqual(['pushText', 'Hi!']);
    });

    it('still release a client that disconnects', async () => {
      const client = await ConnectedClient.started();
      client.engine.failure = new Error('oops');
      expect(() => client.socket.disconnect()).not.toThrow();
      expect(client.closed).toEqual([client.connection]);
      expect(logger.lines).toHaveLength(1);
    });

    it('still close when the server shuts down', async () => {
      const client = await ConnectedClient.started();
      client.engine.failure = new Error('oops');
      expect(() => client.connection.shutDown()).not.toThrow();
      expect(client.socket.closes).toEqual([1001]);
    });
  });

  describe('end', () => {
    it.each([
      ['client', 1000],
      ['inactivity_timeout', 1000],
      ['server_shutdown', 1001],
      ['error', 1011],
    ] as const)('for the reason %s with close code %i', async (reason, code) => {
      const client = await ConnectedClient.started();
      client.emit({ type: 'ended', reason });
      expect(client.socket.closes).toEqual([code]);
      client.socket.says({ type: 'text_message', text: 'One more thing' });
      client.socket.sends(frame(1));
      expect(client.calls).toEqual([]);
      expect(client.socket.sent).toEqual([{ type: 'conversation_ended', reason }]);
    });

    it('through the engine when the server shuts down', async () => {
      const client = await ConnectedClient.started();
      client.connection.shutDown();
      expect(client.calls).toEqual([['end', 'server_shutdown']]);
    });

    it('when the server shuts down and no conversation was started', () => {
      const client = new ConnectedClient();
      client.connection.shutDown();
      expect(client.socket.closes).toEqual([1001]);
    });

    it('exactly once when the client disconnects', async () => {
      const client = await ConnectedClient.started();
      client.socket.disconnect();
      client.socket.disconnect();
      expect(client.calls).toEqual([['end', 'client']]);
      expect(client.closed).toEqual([client.connection]);
    });

    it('without leaving listeners on the socket, which the framework keeps until the next client connects', async () => {
      const client = await ConnectedClient.started();
      client.socket.disconnect();
      expect(client.socket.listenerCounts).toEqual({});
    });

    it('without any further message when the socket has failed', async () => {
      const client = await ConnectedClient.started();
      client.socket.fail(new Error('ECONNRESET'));
      client.socket.disconnect();
      expect(client.calls).toEqual([['end', 'client']]);
      expect(client.socket.sent).toEqual([]);
    });
  });
});
