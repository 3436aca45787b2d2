import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Server } from './server-process';

/** Opcodes of WebSocket frames (RFC 6455, section 5.2). */
export const Opcode = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface FrameOptions {
  readonly opcode: number;
  readonly payload?: Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** The reserved bits, 0 to 7. Default: 0. */
  readonly reserved?: number;
  /** Whether the frame is masked, as a client's must be. Default: true. */
  readonly masked?: boolean;
  /** The length that the header claims. Default: the payload's real length. */
  readonly claimedLength?: number;
}

/** A WebSocket frame, which may violate the standard. The mask is zero, so the payload is unchanged. */
export function frame({
  opcode,
  payload = new Uint8Array(0),
  fin = true,
  reserved = 0,
  masked = true,
  claimedLength,
}: FrameOptions): Buffer {
  const length = claimedLength ?? payload.length;
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  const header = length < 126 ? Buffer.from([first, mask | length]) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  if (length >= 126) {
    header[0] = first;
    header[1] = mask | (length < 65_536 ? 126 : 127);
    if (length < 65_536) header.writeUInt16BE(length, 2);
    else header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), payload]);
}

export interface UpgradeOptions {
  readonly path?: string;
  /** Replaces the headers of the same (lower-case) names; null leaves a header out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly method?: string;
  /** The address of this machine that the client has. Default: the system's choice. */
  readonly from?: string;
}

/** The bytes of a WebSocket upgrade request that is valid except for the given options. */
export function upgradeRequest({ url }: Pick<Server, 'url'>, { path = '/ws', headers = {}, method = 'GET' }: UpgradeOptions = {}): Buffer {
  const all: Record<string, string | null> = {
    host: new URL(url).host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** A complete HTTP response. */
export interface RawResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** When something may be different for whoever waits on a connection. */
const ENDS_WAITING = ['data', 'end', 'close'] as const;

/** A client at the TCP level: it writes the given bytes, and reads only when told to. The caller must destroy it. */
export class RawClient {
  private readonly chunks: Buffer[] = [];
  private byteCount = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined);
  }

  /** Resolves when the connection is open. `from`: the address of this machine that the client has. Rejects when the connection fails. */
  static async connect({ url }: Pick<Server, 'url'>, from?: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, ...(from !== undefined && { localAddress: from }) });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** A client whose WebSocket is open, and that reads. */
  static async upgraded(server: Pick<Server, 'url'>, options: UpgradeOptions = {}): Promise<RawClient> {
    const client = await RawClient.connect(server, options.from);
    client.read();
    client.write(upgradeRequest(server, options));
    await client.receives((text) => text.includes('connection_established'), 'the greeting');
    return client;
  }

  /** Starts reading and keeps what arrives. Without it nothing is read from the connection. */
  read(): void {
    this.socket.on('data', (chunk: Buffer) => {
      this.byteCount += chunk.length;
      this.chunks.push(chunk);
    });
  }

  /** Stops reading from the connection. */
  stopReading(): void {
    this.socket.pause();
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** What has come since `bytesReceived` was this. */
  receivedFrom(byte: number): Buffer {
    return this.received.subarray(byte);
  }

  get bytesReceived(): number {
    return this.byteCount;
  }

  /** True while neither side has ended the connection. */
  get isOpen(): boolean {
    return !this.socket.destroyed && !this.socket.readableEnded;
  }

  /** True when the server has said that it closes the connection, or has ended it. It waits some time for a close frame in return. */
  get isClosed(): boolean {
    return !this.isOpen || this.closeCode !== undefined;
  }

  /** Writes bytes. False when the send buffer is full for the moment. */
  write(bytes: string | Uint8Array): boolean {
    return !this.socket.destroyed && this.socket.writable && this.socket.write(bytes);
  }

  /** Resolves when the connection can be written to again, or has ended. */
  async drained(): Promise<void> {
    const { socket } = this;
    if (socket.destroyed || !socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.on('drain', done);
      socket.on('close', done);
    });
  }

  /** Resolves when `isWanted` accepts the text received so far. */
  receives(isWanted: (text: string) => boolean, what: string): Promise<void> {
    return this.until(() => isWanted(this.received.toString('latin1')), what);
  }

  /** Resolves as soon as `isDone`, which is asked whenever something has come. Rejects after `timeoutMs`. */
  async until(isDone: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
    if (isDone()) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        for (const event of ENDS_WAITING) this.socket.off(event, check);
        finish();
      };
      const check = (): void => void (isDone() && settle(resolve));
      const timer = setTimeout(() => settle(() => reject(new Error(`waited for ${what} for ${timeoutMs} ms`))), timeoutMs);
      for (const event of ENDS_WAITING) this.socket.on(event, check);
    });
  }

  /** Resolves when the server has ended or reset the connection. */
  ended(timeoutMs?: number): Promise<void> {
    return this.until(() => !this.isOpen, 'the end of the connection', timeoutMs);
  }

  /** The one response that came before the server ended the connection. Throws when it is not whole. */
  async response(): Promise<RawResponse> {
    await this.ended();
    return parseResponse(this.received.toString('latin1'));
  }

  /** The server's WebSocket close code; undefined when it sent none. */
  get closeCode(): number | undefined {
    const last = this.received;
    for (let at = last.indexOf('\r\n\r\n') + 4; at + 2 <= last.length;) {
      const opcode = last[at] & 0x0f;
      const short = last[at + 1] & 0x7f;
      const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2);
      const length = short === 126 ? last.readUInt16BE(at + 2) : short === 127 ? Number(last.readBigUInt64BE(at + 2)) : short;
      if (opcode === Opcode.close && length >= 2) return last.readUInt16BE(start);
      at = start + length;
    }
    return undefined;
  }

  /** Sends FIN and goes on reading. */
  halfClose(): void {
    this.socket.end();
  }

  /** Breaks the connection with a TCP reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.socket.destroy();
  }
}

function parseResponse(text: string): RawResponse {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3}) \S/.exec(statusLine)?.[1];
  if (status === undefined || rest.length === 0) throw new Error(`this is no whole response: ${JSON.stringify(text)}`);
  const headers = new Map(lines.map((line) => [line.split(':', 1)[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return { status: Number(status), headers, body: rest.join('\r\n\r\n') };
}
