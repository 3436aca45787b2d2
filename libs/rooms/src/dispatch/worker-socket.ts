import { WebSocket } from 'ws';
import type { DispatchMessage } from './dispatch-messages';
import { readDispatchMessage } from './read-dispatch-message';
import { ping } from './worker-messages';

/** Why a connection to the media server ended, in constant words without any part of an answer: an answer of 401 repeats the token. */
export type SocketEnd =
  | { why: 'refused'; status: number }
  | { why: 'unreachable'; code: string | undefined }
  | { why: 'closed'; code: number }
  | { why: 'silent' | 'bad_message' | 'flood' | 'stopped' };

/** Bounds, in ms. Tests shorten them. */
export interface SocketTiming {
  /** For connecting, and again until the server has confirmed the registration. */
  openMs: number;
  /** How often the server is asked whether it is there. */
  pingMs: number;
}

export const SOCKET_TIMING: SocketTiming = { openMs: 5_000, pingMs: 1_000 };

export interface WorkerSocketOptions {
  url: string;
  token: string;
  /** The message that is sent first. */
  registration: Uint8Array;
  timing: SocketTiming;
  onRegistered: (workerId: string) => void;
  /** Everything after the registration. Not called after `onEnded`. */
  onMessage: (message: Exclude<DispatchMessage, { type: 'registered' | 'pong' | 'unknown' }>) => void;
  /** Once, also if there was never a connection. */
  onEnded: (end: SocketEnd) => void;
}

/** The server's messages are short; the longest part is the metadata of a job. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** Far more than all workers of a server get when it is under the greatest load. */
const MAX_MESSAGES_PER_PING = 2_000;
/** So many pings in a row remain without an answer before the connection is taken as dead. */
const MAX_UNANSWERED = 3;
/** How long the server may take to confirm that the connection is closed. */
const CLOSE_MS = 1_000;

/** One connection of a worker to the media server, from the first attempt to its end. */
export class WorkerSocket {
  private readonly socket: WebSocket;
  private readonly openTimer: NodeJS.Timeout;
  private pingTimer: NodeJS.Timeout | undefined;
  private unanswered = 0;
  private received = 0;
  private isRegistered = false;
  private end: SocketEnd | undefined;

  constructor(private readonly options: WorkerSocketOptions) {
    const { url, token, timing, registration } = options;
    this.socket = new WebSocket(url, {
      headers: { Authorization: `Bearer ${token}` },
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: timing.openMs,
    });
    this.openTimer = setTimeout(() => this.finish({ why: 'silent' }), 2 * timing.openMs);
    this.socket.on('open', () => this.send(registration));
    this.socket.on('message', (data: Buffer, isBinary: boolean) => this.receive(data, isBinary));
    this.socket.on('error', (error) => this.finish(endOf(error)));
    this.socket.on('close', (code) => this.finish({ why: 'closed', code }));
  }

  /** Without effect on a connection that has ended: whatever it was about is void then. */
  send(message: Uint8Array): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(message);
  }

  /** Ends the connection in the orderly way. */
  close(): void {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.close(1000);
      setTimeout(() => this.socket.terminate(), CLOSE_MS).unref();
      this.finish({ why: 'stopped' }, false);
    } else {
      this.finish({ why: 'stopped' });
    }
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.end) return;
    if (++this.received > MAX_MESSAGES_PER_PING) return this.finish({ why: 'flood' });
    const message = isBinary ? readDispatchMessage(data) : undefined;
    if (!message || (message.type === 'registered') === this.isRegistered) {
      // A pong may come at any time, and a later version may send what this one does not know.
      if (message?.type !== 'pong' && message?.type !== 'unknown') return this.finish({ why: 'bad_message' });
    }
    this.unanswered = 0;
    if (message.type === 'registered') this.register(message.workerId);
    else if (message.type !== 'pong' && message.type !== 'unknown') this.options.onMessage(message);
  }

  private register(workerId: string): void {
    this.isRegistered = true;
    clearTimeout(this.openTimer);
    this.pingTimer = setInterval(() => this.ping(), this.options.timing.pingMs);
    this.options.onRegistered(workerId);
  }

  /** Counts pings instead of time, so that a process that was stopped for a while does not blame the server for it. */
  private ping(): void {
    this.received = 0;
    if (this.unanswered >= MAX_UNANSWERED) return this.finish({ why: 'silent' });
    this.unanswered++;
    this.send(ping());
  }

  private finish(end: SocketEnd, terminates = true): void {
    if (this.end) return;
    this.end = end;
    clearTimeout(this.openTimer);
    clearInterval(this.pingTimer);
    if (terminates) this.socket.terminate();
    this.options.onEnded(end);
  }
}

function endOf(error: Error): SocketEnd {
  const status = /^Unexpected server response: (\d{3})$/.exec(error.message)?.[1];
  if (status !== undefined) return { why: 'refused', status: Number(status) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code?.startsWith('WS_ERR_') ? { why: 'bad_message' } : { why: 'unreachable', code };
}
