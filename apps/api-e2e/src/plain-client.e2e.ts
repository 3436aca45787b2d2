import { once } from 'node:events';
import { fixture } from '@parley/testing/client';
import { WebSocket } from 'ws';
import { useSharedServer } from './support/suite';

const server = useSharedServer();
const CHUNK_MS = 100;
const CHUNK_BYTES = 16 * CHUNK_MS * 2;

type Message = Record<string, unknown> & { type: string };

/** A small client written from the protocol's documentation alone: a socket, JSON and base64, and no code shared with the server. */
class PlainClient {
  readonly received: Message[] = [];
  private readonly socket: WebSocket;
  closeCode: number | undefined;

  constructor(path: string) {
    this.socket = new WebSocket(server.url.replace('http', 'ws') + path);
    this.socket.on('message', (data) => this.received.push(JSON.parse(String(data)) as Message));
    this.socket.on('close', (code) => (this.closeCode = code));
  }

  opened(): Promise<unknown> {
    return once(this.socket, 'open');
  }

  send(message: Message): void {
    this.socket.send(JSON.stringify(message));
  }

  of(type: string): Message[] {
    return this.received.filter((message) => message.type === type);
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    const endsAtMs = performance.now() + 50_000;
    while (!isSo()) {
      if (performance.now() > endsAtMs)
        throw new Error(`waited for ${what}; received:\n${this.received.map((m) => JSON.stringify(m).slice(0, 150)).join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): void {
    this.socket.terminate();
  }
}

/** The engines that this server offers. */
async function engines(): Promise<string[]> {
  const config = (await (await fetch(`${server.url}/api/config`)).json()) as { engines: string[] };
  return config.engines;
}

/** Sends a recording in real time, as a microphone would. */
async function speak(client: PlainClient, file: string): Promise<void> {
  const pcm = Buffer.from(fixture(file).pcm.buffer);
  const startMs = performance.now();
  for (let sent = 0; sent * CHUNK_BYTES < pcm.length; sent++) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, startMs + sent * CHUNK_MS - performance.now())));
    const bytes = pcm.subarray(sent * CHUNK_BYTES, (sent + 1) * CHUNK_BYTES);
    client.send({ type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: bytes.toString('base64') });
  }
}

/** Asks for the time, waits for the answer and ends the conversation. */
async function talk(client: PlainClient): Promise<void> {
  await speak(client, 'clean-time.wav');
  const isFinal = ({ is_final }: Message): boolean => is_final === true;
  const isTheTime = ({ text, full_text }: Message): boolean => /(?:it|time) is/i.test(`${String(full_text)} ${String(text)}`);
  await client.until('the answer', () => client.of('text_response').some((message) => isFinal(message) && isTheTime(message)));
  await client.until('its sound', () => client.of('audio_response').some(({ data }) => String(data).length > 1_000));
  const question = client.of('transcript').filter(isFinal);
  expect(question.map(({ text }) => String(text).toLowerCase())).toContainEqual(expect.stringContaining('time'));

  client.send({ type: 'heartbeat' });
  await client.until('a heartbeat', () => client.of('heartbeat').length > 0);
  client.send({ type: 'end_conversation' });
  await client.until('the close', () => client.closeCode !== undefined);
  expect(client.closeCode).toBe(1000);
  expect(client.received.at(-1)).toEqual({ type: 'conversation_ended', reason: 'client' });
  expect(client.of('error')).toEqual([]);
}

describe('A plain client', () => {
  it('starts a conversation with JSON audio, is answered, and ends it', async () => {
    const client = new PlainClient('/ws');
    try {
      await client.opened();
      client.send({ type: 'start_conversation', audio_transport: 'json' });
      await client.until('the start', () => client.of('conversation_started').length === 1);
      expect(client.received.slice(0, 2).map(({ type }) => type)).toEqual(['connection_established', 'conversation_started']);
      await talk(client);
    } finally {
      client.close();
    }
  });

  it('needs only to connect to the agent, if there is one, because the conversation starts by itself', async () => {
    const client = new PlainClient('/ws/agent?language=en');
    try {
      await client.opened();
      if ((await engines()).includes('agent')) {
        await client.until('the start', () => client.of('conversation_started').length === 1);
        expect(client.received.slice(0, 2)).toMatchObject([
          { type: 'connection_established' },
          { type: 'conversation_started', engine: 'agent' },
        ]);
        await talk(client);
      } else {
        await client.until('the close', () => client.closeCode !== undefined);
        expect(client.received).toMatchObject([
          { type: 'connection_established' },
          { type: 'error', code: 'agent_failed', fatal: true },
          { type: 'conversation_ended', reason: 'error' },
        ]);
        expect(client.closeCode).toBe(1011);
      }
    } finally {
      client.close();
    }
  });

  it('is refused by the agent’s endpoint when the language is invalid', async () => {
    const client = new PlainClient('/ws/agent?language=not+a+language');
    try {
      await client.opened();
      await client.until('the close', () => client.closeCode !== undefined);
      expect(client.of('error')).toMatchObject([{ code: 'bad_message', fatal: true }]);
      expect(client.closeCode).toBe(1008);
    } finally {
      client.close();
    }
  });
});
