import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RelayClock } from './clock';
import { markOf } from './marked-frame';

/** 16 kHz s16, as agents speak by default. */
const BYTES_PER_MS = 32;
const CHUNK_MS = 200;
const BETWEEN_INTERRUPTIONS_MS = 10;
const CONVERSATION = '/v1/convai/conversation';

interface Call {
  socket: WebSocket;
  /** Known once the first frame of the caller has arrived. */
  caller: number | undefined;
  eventId: number;
}

/**
 * A fake of ElevenLabs' agents that only speaks: every conversation gets one long reply in real time, and each frame and each piece of speech
 * is timed. Closed by its owner.
 */
export class FakeAgentServer {
  private readonly calls = new Set<Call>();
  private readonly http = createServer((request, response) => {
    const signed = request.url?.startsWith(`${CONVERSATION}/get-signed-url`) === true;
    response.writeHead(signed ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(signed ? { signed_url: `ws://${request.headers.host}${CONVERSATION}?agent_id=bench` } : {}));
  });
  private readonly sockets = new WebSocketServer({ server: this.http, perMessageDeflate: false });
  private readonly speech = Buffer.alloc(CHUNK_MS * BYTES_PER_MS).toString('base64');
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly clock: RelayClock) {
    this.sockets.on('connection', (socket) => this.accept(socket));
  }

  static async start(clock: RelayClock): Promise<FakeAgentServer> {
    const agent = new FakeAgentServer(clock);
    agent.http.listen(0, '127.0.0.1');
    await once(agent.http, 'listening');
    return agent;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** The address for a caller without the relay. */
  get conversationUrl(): string {
    return `${this.origin.replace('http', 'ws')}${CONVERSATION}?agent_id=bench`;
  }

  /** Begins to speak in every conversation, in real time, but not in all at the same moment. */
  speak(): void {
    const calls = [...this.calls];
    for (const call of calls)
      this.say(call, { type: 'agent_response', agent_response_event: { agent_response: 'On and on.', event_id: 1 } });
    let next = 0;
    const due = (nowMs: number): number => Math.floor(((nowMs - startedAtMs) * calls.length) / CHUNK_MS);
    const startedAtMs = performance.now();
    this.timer = setInterval(() => {
      for (const until = due(performance.now()); next < until; next++) this.speakTo(calls[next % calls.length]);
    }, 1);
  }

  /** Stops, and interrupts every conversation, one after the other as it would happen. Resolves when all have been. */
  async interruptAll(): Promise<void> {
    clearInterval(this.timer);
    for (const call of this.calls) {
      await sleep(BETWEEN_INTERRUPTIONS_MS);
      if (call.caller === undefined) continue;
      this.clock.interruptionSent(call.caller);
      this.say(call, { type: 'interruption', interruption_event: { event_id: call.eventId } });
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    for (const { socket } of this.calls) socket.terminate();
    this.sockets.close();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  private accept(socket: WebSocket): void {
    const call: Call = { socket, caller: undefined, eventId: 1 };
    this.calls.add(call);
    socket.on('error', () => socket.terminate());
    socket.once('close', () => this.calls.delete(call));
    socket.on('message', (data) => this.take(call, String(data)));
  }

  private take(call: Call, text: string): void {
    const message = JSON.parse(text) as { type?: string; user_audio_chunk?: string };
    if (message.user_audio_chunk !== undefined) {
      const mark = markOf(Buffer.from(message.user_audio_chunk, 'base64'));
      if (mark === undefined) return;
      this.clock.frameArrived(mark);
      call.caller = mark.caller;
    } else if (message.type === 'conversation_initiation_client_data') {
      const formats = { agent_output_audio_format: 'pcm_16000', user_input_audio_format: 'pcm_16000' };
      const event = { conversation_id: 'bench', ...formats };
      this.say(call, { type: 'conversation_initiation_metadata', conversation_initiation_metadata_event: event });
    }
  }

  private speakTo(call: Call | undefined): void {
    if (call?.caller === undefined) return;
    call.eventId++;
    this.clock.speechSent(call.caller);
    this.say(call, { type: 'audio', audio_event: { audio_base_64: this.speech, event_id: call.eventId } });
  }

  private say({ socket }: Call, message: object): void {
    socket.send(JSON.stringify(message));
  }
}
