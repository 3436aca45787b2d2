import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { makeProvider } from './make-provider';
import { simulatedProviders } from './simulated-providers';

interface Message {
  event?: string;
}

/** Resolves with the first message of this type. */
const received = (socket: WebSocket, event: string): Promise<void> =>
  new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      if ((JSON.parse(String(data)) as Message).event === event) resolve();
    });
  });

describe('the built-in speech recogniser', () => {
  let server: WebSocketServer;

  beforeEach(async () => {
    // The sockets are real; only the timers are simulated.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask'] });
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
  });

  afterEach(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, 'close');
    jest.useRealTimers();
  });

  it('may be slow: a final transcript that comes after 7 s is used, and the user does not have to repeat anything', async () => {
    const ending = new AbortController();
    const { port } = server.address() as AddressInfo;
    const available = { available: true } as const;
    const demo = simulatedProviders({
      urls: { sarvam: `http://127.0.0.1:${port}`, openai: '', elevenLabs: '' },
      speech: { recogniser: available, synthesiser: available },
    });
    const session = makeProvider(demo.stt, {}, {}).open({}, ending.signal);
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    socket.send(JSON.stringify({ event: 'session.begin', request_id: 'r', config: {} }));

    const utterance = session.utterance(new AbortController().signal);
    const asked = received(socket, 'speech_end');
    utterance.push(new Int16Array(16_000));
    utterance.end();
    await asked;
    const texts: string[] = [];
    const heard = (async () => {
      for await (const { text } of utterance.transcripts) texts.push(text);
    })();
    jest.advanceTimersByTime(7_000);
    socket.send(JSON.stringify({ event: 'transcript.final', utterance_idx: 0, text: 'turn on the lights' }));
    await heard;
    expect(texts).toEqual(['turn on the lights']);
    expect(server.clients.size).toBe(1);
    ending.abort();
  });
});
