import { type RawData, WebSocket } from 'ws';
import type { Agent, IncomingMessage } from 'node:http';
import { retryAfterMs } from './retry-after';
import { Watchdog } from '../shared/watchdog';
import { MessageBudget } from './message-budget';
import { readBody } from './read-body';

/** Why the socket to a vendor ended. */
export type SocketEnd =
  /** The vendor answered the upgrade request with another status. */
  | { kind: 'refused'; status: number; body: string; retryAfterMs: number | undefined }
  /** There was no answer to the upgrade request within the time limit. */
  | { kind: 'timeout' }
  /** The vendor violated the WebSocket protocol, or sent a message that is too long or too many messages. We ended the connection. */
  | { kind: 'misbehaved' }
  /** The socket could not be opened at all. */
  | { kind: 'failed'; cause: Error | undefined }
  /** The socket was open and was closed. The code is 1006 if the connection dropped without a close frame. */
  | { kind: 'closed'; code: number; reason: string };

export interface VendorSocketOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Limit of the upgrade in milliseconds, including the body of a refusal. */
  handshakeTimeoutMs: number;
  /** Interval of ping frames in milliseconds. A peer that has sent nothing since the previous ping counts as dead. */
  heartbeatMs: number;
  /** Limit of one message in bytes; default 4 MiB. A longer message ends the socket. */
  mostMessageBytes?: number;
  /** Opens the connection. If it is left out, nothing is shared with other connections. */
  agent?: Agent;
}

export interface VendorSocketListener {
  opened(): void;
  /** Called for each text message. A binary message arrives as its bytes read as UTF-8, which no decoder accepts. */
  message(text: string): void;
  /** Called once, as the last call of all. */
  ended(end: SocketEnd): void;
}

const CLOSE_TIMEOUT_MS = 1_000;
const MOST_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * A client socket to a vendor. Its handshake and its close have time limits, refusals are reported with their body, and dead peers are
 * detected. It is owned and closed by one connection of an adapter.
 */
export class VendorSocket {
  readonly #socket: WebSocket;
  readonly #handshake = new Watchdog(() => this.#giveUp());
  readonly #closeReply = new Watchdog(() => this.terminate());
  readonly #gone: Promise<void>;
  #resolveGone: () => void = () => undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #heardFromPeer = true;
  #wasOpen = false;
  #timedOut = false;
  #misbehaved = false;
  readonly #flood = new MessageBudget();
  #refusal: SocketEnd | undefined;
  #cause: Error | undefined;

  constructor(
    private readonly options: VendorSocketOptions,
    private readonly listener: VendorSocketListener,
  ) {
    this.#gone = new Promise((resolve) => (this.#resolveGone = resolve));
    this.#socket = new WebSocket(options.url, {
      headers: options.headers,
      perMessageDeflate: false,
      maxPayload: options.mostMessageBytes ?? MOST_MESSAGE_BYTES,
      agent: options.agent,
    });
    this.#handshake.arm(options.handshakeTimeoutMs);
    this.#socket
      .on('open', () => this.#opened())
      .on('message', (data) => this.#message(data))
      .on('pong', () => (this.#heardFromPeer = true))
      .on('unexpected-response', (_request, response) => void this.#refused(response))
      .on('error', (error) => this.#failed(error))
      .on('close', (code, reason) => this.#closed(code, reason.toString()));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** True once the socket is closing or closed. */
  get isClosing(): boolean {
    return this.#socket.readyState === WebSocket.CLOSING || this.#socket.readyState === WebSocket.CLOSED;
  }

  /** Number of bytes that `send` has accepted but that the network has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Resolves when the connection has ended, whoever ended it. Never rejects. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Sends a message as JSON. Does nothing while the socket is not open, because its end is, or will be, reported. */
  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** Like `send`, for a message that is already JSON text. */
  sendText(text: string): void {
    if (this.isOpen) this.#socket.send(text);
  }

  /** Closes the socket with a close frame. If the vendor does not answer within a second, the connection is ended. Idempotent. */
  close(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#closeReply.arm(CLOSE_TIMEOUT_MS);
    this.#socket.close(1000);
  }

  /** Ends the connection at once. Idempotent. */
  terminate(): void {
    this.#socket.terminate();
  }

  #opened(): void {
    this.#wasOpen = true;
    this.#handshake.disarm();
    this.#heartbeat = setInterval(() => this.#beat(), this.options.heartbeatMs);
    this.listener.opened();
  }

  #message(data: RawData): void {
    if (this.#misbehaved) return;
    this.#heardFromPeer = true;
    if (!this.#flood.takes(performance.now())) return this.#cutOff();
    this.listener.message(data.toString());
  }

  /** Keeps the cause of a failure. An error code with the prefix `WS_ERR_` means that the library rejected received data. */
  #failed(error: Error & { code?: string }): void {
    this.#cause = error;
    if (this.#wasOpen && error.code?.startsWith('WS_ERR_') === true) this.#cutOff();
  }

  #cutOff(): void {
    this.#misbehaved = true;
    this.terminate();
  }

  #beat(): void {
    if (!this.#heardFromPeer) return this.terminate();
    this.#heardFromPeer = false;
    if (this.isOpen) this.#socket.ping();
  }

  #giveUp(): void {
    this.#timedOut = true;
    this.terminate();
  }

  async #refused(response: IncomingMessage): Promise<void> {
    const header = (name: string) => response.headers[name]?.toString();
    const body = await readBody(response);
    this.#refusal = { kind: 'refused', status: response.statusCode ?? 0, body, retryAfterMs: retryAfterMs(header) };
    this.terminate();
  }

  #closed(code: number, reason: string): void {
    this.#handshake.disarm();
    this.#closeReply.disarm();
    clearInterval(this.#heartbeat);
    this.listener.ended(this.#end(code, reason));
    this.#resolveGone();
  }

  #end(code: number, reason: string): SocketEnd {
    if (this.#refusal) return this.#refusal;
    if (this.#misbehaved) return { kind: 'misbehaved' };
    if (this.#wasOpen) return { kind: 'closed', code, reason };
    return this.#timedOut ? { kind: 'timeout' } : { kind: 'failed', cause: this.#cause };
  }
}
