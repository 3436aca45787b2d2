import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** The moments at which a turn leaves a vendor or reaches one, by `performance.now()` of this process. */
export type HopMoment = 'sttFinalSent' | 'llmRequested' | 'tokenSent' | 'ttsRequested' | 'chunkSent';

/** The moments of each turn; the turn's name is part of its words and so passes through all stages. */
export type HopLog = Map<string, Partial<Record<HopMoment, number>>>;

/** Names in what is said: "turn 17". */
const NAME = /turn (\d+)/;
const CHUNK_MS = 500;
const BYTES_PER_MS = 48;

/**
 * Fakes of the three vendors with their wire formats and without any delay, behind one port: the time between two of them is the
 * server's own, plus two trips through the loopback. They only record the time. The caller must close them.
 */
export class HopVendors {
  readonly log: HopLog = new Map();
  private turns = 0;
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly server: Server;
  private readonly audio = Buffer.alloc(CHUNK_MS * BYTES_PER_MS, 1).toString('base64');

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.keepAliveTimeout = 60_000;
    this.server.on('upgrade', (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (opened) => {
        if (request.url?.startsWith('/speech-to-text')) this.recognise(opened);
        else this.speak(opened);
      });
    });
  }

  static async start(): Promise<HopVendors> {
    const vendors = new HopVendors();
    vendors.server.listen(0, '127.0.0.1');
    await once(vendors.server, 'listening');
    return vendors;
  }

  /** The environment of a server that is to use them. */
  get env(): Record<string, string> {
    const origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return {
      SARVAM_API_KEY: 'bench',
      SARVAM_BASE_URL: origin,
      OPENAI_API_KEY: 'bench',
      OPENAI_BASE_URL: `${origin}/v1`,
      ELEVENLABS_API_KEY: 'bench',
      ELEVENLABS_BASE_URL: origin,
    };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private note(text: string, moment: HopMoment): void {
    const name = NAME.exec(text)?.[1];
    if (name === undefined) return;
    const moments = this.log.get(name) ?? {};
    this.log.set(name, moments);
    moments[moment] ??= performance.now();
  }

  /** Returns the name of a new turn for every utterance. */
  private recognise(socket: WebSocket): void {
    let index = 0;
    socket.send(JSON.stringify({ event: 'session.begin', request_id: 'bench', config: {} }));
    socket.on('message', (data: Buffer) => {
      // Most messages are audio, which is ignored.
      if (data.length > 200) return;
      const { event } = JSON.parse(data.toString('utf8')) as { event?: string };
      if (event === 'ping') socket.send(JSON.stringify({ event: 'pong' }));
      if (event !== 'speech_end') return;
      const text = `this is turn ${++this.turns}`;
      const final = JSON.stringify({ event: 'transcript.final', utterance_idx: index++, text });
      this.note(text, 'sttFinalSent');
      socket.send(final);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = performance.now();
    if (request.method !== 'POST' || !request.url?.includes('/chat/completions')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[],"voices":[]}');
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    const question = messages.at(-1)?.content ?? '';
    const name = NAME.exec(question)?.[0] ?? '';
    const moments = this.log.get(name.slice('turn '.length));
    if (moments) moments.llmRequested ??= atMs;
    const chunk = (delta: object, finish: string | null): string =>
      `data: ${JSON.stringify({ id: 'bench', object: 'chat.completion.chunk', created: 0, model: 'gpt-4o', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const sentence = chunk({ role: 'assistant', content: `That was ${name}. ` }, null);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.note(question, 'tokenSent');
    response.write(sentence);
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
  }

  /** One chunk of audio for every text that says something, and the end when the context is closed. */
  private speak(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => {
      const atMs = performance.now();
      const {
        text = '',
        context_id: contextId,
        close_context: closes,
      } = JSON.parse(data.toString('utf8')) as {
        text?: string;
        context_id?: string;
        close_context?: boolean;
      };
      if (text.trim() !== '') {
        const moments = this.log.get(NAME.exec(text)?.[1] ?? '');
        if (moments) moments.ttsRequested ??= atMs;
        const frame = JSON.stringify({ audio: this.audio, isFinal: null, normalizedAlignment: null, alignment: null, contextId });
        this.note(text, 'chunkSent');
        socket.send(frame);
      }
      if (closes) socket.send(JSON.stringify({ audio: null, isFinal: true, contextId }));
    });
  }
}
