import { EventEmitter } from 'node:events';
import { decodeSpeechFrame, type ServerMessage, type SpeechFrame } from '@parley/protocol';
import type { RawData } from 'ws';
import type { ClientSocket } from '../transports/websocket/client-socket';

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** The server's end of a socket whose client is the test. A close is answered only when the test calls `disconnect`. */
export class FakeClientSocket implements ClientSocket {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  /** Everything that the server sent, in order. JSON is parsed. */
  readonly sent: (ServerMessage | Uint8Array)[] = [];
  /** The codes of all calls to `close`. */
  readonly closes: number[] = [];
  /** How often the server terminated the connection. */
  terminated = 0;
  /** Whether the server has stopped reading. */
  isPaused = false;
  /** Whether the client reads, and therefore answers pings. */
  reads = true;
  /** The data of all pings. */
  readonly sentPings: Buffer[] = [];
  /** The data of all pongs. */
  readonly pongs: Buffer[] = [];
  /** The TCP connection below, on which bytes arrive before they form a complete message. */
  readonly wire = new EventEmitter();
  private readonly events = new EventEmitter();

  on(...[event, listener]: Parameters<EventEmitter['on']>): this {
    this.events.on(event, listener);
    return this;
  }

  once(...[event, listener]: Parameters<EventEmitter['once']>): this {
    this.events.once(event, listener);
    return this;
  }

  off(...[event, listener]: Parameters<EventEmitter['off']>): this {
    this.events.off(event, listener);
    return this;
  }

  send(data: string | Uint8Array): void {
    if (this.readyState !== this.OPEN) throw new Error('sent on a socket that is not open');
    this.sent.push(typeof data === 'string' ? (JSON.parse(data) as ServerMessage) : data);
  }

  ping(data: Buffer): void {
    if (this.readyState !== this.OPEN) return;
    this.sentPings.push(data);
    if (this.reads) this.events.emit('pong', data);
  }

  pong(data: Buffer): void {
    if (this.readyState !== this.OPEN) throw new Error('sent on a socket that is not open');
    this.pongs.push(data);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(code: number): void {
    this.closes.push(code);
    this.readyState = 2;
  }

  terminate(): void {
    this.terminated += 1;
    this.disconnect();
  }

  /** The client closes the connection. */
  disconnect(): void {
    this.readyState = 3;
    this.events.emit('close');
  }

  fail(error: Error): void {
    this.events.emit('error', error);
  }

  /** The client sends a text message; an object is sent as JSON. */
  says(message: object | string): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.arrives(Buffer.from(text), false);
  }

  /** The client sends a binary message. */
  sends(bytes: RawData): void {
    this.arrives(bytes, true);
  }

  /** The client sends a control frame. */
  pings(data = Buffer.alloc(0), kind: 'ping' | 'pong' = 'ping'): void {
    this.events.emit(kind, data);
  }

  get messages(): ServerMessage[] {
    return this.sent.filter((item): item is ServerMessage => !(item instanceof Uint8Array));
  }

  of<Type extends ServerMessage['type']>(type: Type): MessageOf<Type>[] {
    return this.messages.filter((message): message is MessageOf<Type> => message.type === type);
  }

  get errorCodes(): string[] {
    return this.of('error').map(({ code }) => code);
  }

  get frames(): (SpeechFrame | undefined)[] {
    return this.sent.filter((item) => item instanceof Uint8Array).map((bytes) => decodeSpeechFrame(bytes));
  }

  get listenerCounts(): Record<string, number> {
    const all = [this.events, this.wire].flatMap((emitter) => emitter.eventNames().map((name) => [name, emitter.listenerCount(name)]));
    return Object.fromEntries(all);
  }

  private arrives(data: RawData, isBinary: boolean): void {
    this.events.emit('message', data, isBinary);
  }
}
