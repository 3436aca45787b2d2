import { type RawData, WebSocket } from 'ws';
import type { IncomingMessage } from 'node:http';
import { retryAfterMs } from './retry-after';
import { Watchdog } from '../shared/watchdog';
import { MessageBudget } from './message-budget';
import { readBody } from './read-body';

/** Why a vendor's socket is gone. */
export type SocketEnd =
  /** The vendor answered the upgrade with something else. */
  | { kind: 'refused'; status: number; body: string; retryAfterMs: number | undefined }
  /** No answer to the upgrade within the time allowed. */
  | { kind: 'timeout' }
  /** The vendor sent what no WebSocket sends, a message that is too long, or more messages than one can want: it was cut off. */
  | { kind: 'misbehaved' }
  /** It could not be opened at all. */
  | { kind: 'failed'; cause: Error | undefined }
  /** It was open. 1006 when the connection dropped without a close frame. */
  | { kind: 'closed'; code: number; reason: string };

export interface VendorSocketOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Bound of the upgrade, a refusal's body included. */
  handshakeTimeoutMs: number;
  /** A ping frame goes out this often; a peer that sent nothing at all since the one before is taken for dead. */
  heartbeatMs: number;
  /** A longer message ends the socket; default 4 MiB. */
  mostMessageBytes?: number;
}

export interface VendorSocketListener {
  opened(): void;
  /** One text message (a binary one arrives as its bytes read as UTF-8, which no decoder will take for its protocol). */
  message(text: string): void;
  /** Once, the last call of all. */
  ended(end: SocketEnd): void;
}

const CLOSE_TIMEOUT_MS = 1_000;
const MOST_MESSAGE_BYTES = 4 * 1024 * 1024;

/** A client socket to a vendor: bounded handshake and close, refusals with their body, dead peers noticed. Owned by one adapter connection, which closes it. */
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

  /** True once the socket is on its way out, or gone. */
  get isClosing(): boolean {
    return this.#socket.readyState === WebSocket.CLOSING || this.#socket.readyState === WebSocket.CLOSED;
  }

  /** Bytes accepted by `send` and not yet by the network. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Resolves when the connection is gone, whoever ended it. Never rejects. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** A no-op while the socket is not open: its end is, or will be, reported. */
  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** As `send`, for a message that is JSON already. */
  sendText(text: string): void {
    if (this.isOpen) this.#socket.send(text);
  }

  /** Closes politely; a vendor that does not answer within a second is cut off. Idempotent. */
  close(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#closeReply.arm(CLOSE_TIMEOUT_MS);
    this.#socket.close(1000);
  }

  /** Cuts the connection now. Idempotent. */
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

  /** The library's own complaints about what came in begin like that. */
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
