import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { JsonObject } from '../server/json';

/** How an upgrade was refused. */
export interface RefusedUpgrade {
  status: number;
  headers: IncomingMessage['headers'];
  body: JsonObject;
}

/** A bare WebSocket client: no retries, no keep-alive, and it keeps every frame. */
export class RawSocket {
  readonly frames: JsonObject[] = [];
  /** Every message as it came. */
  readonly texts: string[] = [];
  /** Resolves when the socket is gone. */
  readonly closed: Promise<{ code: number; reason: string }>;
  #read = 0;
  #wake: () => void = () => undefined;
  #isClosed = false;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      this.texts.push(text);
      try {
        this.frames.push(JSON.parse(text) as JsonObject);
      } catch {
        this.frames.push({ garbage: text });
      }
      this.#wake();
    });
    ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      ws.once('close', (code, reason) => {
        this.#isClosed = true;
        resolve({ code, reason: reason.toString('utf8') });
        this.#wake();
      });
    });
  }

  /** Resolves when the upgrade was accepted; rejects when it was not. */
  static async connect(url: string, headers: Record<string, string> = {}, protocols: string[] = []): Promise<RawSocket> {
    const ws = new WebSocket(url.replace(/^http/, 'ws'), protocols, { headers, perMessageDeflate: false });
    const socket = new RawSocket(ws);
    await once(ws, 'open');
    return socket;
  }

  /** Resolves with the answer to an upgrade that is expected to be refused; rejects when it is accepted. */
  static refused(url: string, headers: Record<string, string> = {}): Promise<RefusedUpgrade> {
    const ws = new WebSocket(url.replace(/^http/, 'ws'), { headers });
    return new Promise((resolve, reject) => {
      ws.once('open', () => {
        ws.terminate();
        reject(new Error('the upgrade was accepted'));
      });
      ws.once('error', reject);
      ws.once('unexpected-response', (_request, response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject,
          });
        });
      });
    });
  }

  send(message: object | string): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next frame that has not been read; rejects when the socket closes first. */
  async next(): Promise<JsonObject> {
    for (;;) {
      const frame = this.frames[this.#read];
      if (frame) {
        this.#read += 1;
        return frame;
      }
      if (this.#isClosed) throw new Error('the socket closed before another frame');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Reads up to and including the first frame that fits, and returns what was read. */
  async until(fits: (frame: JsonObject) => boolean): Promise<JsonObject[]> {
    const read: JsonObject[] = [];
    for (;;) {
      const frame = await this.next();
      read.push(frame);
      if (fits(frame)) return read;
    }
  }

  /** Closes with a close frame. */
  async close(): Promise<void> {
    this.ws.close();
    await this.closed;
  }
}

/** Waits until `condition` holds, looking every few milliseconds; the test's own time-out bounds it. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
