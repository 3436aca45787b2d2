import type { RawData } from 'ws';

/** The part of a `ws` socket that a client connection uses. */
export interface ClientSocket {
  readonly readyState: number;
  readonly OPEN: number;
  /** Number of bytes that the client has not accepted yet. */
  readonly bufferedAmount: number;
  on(event: 'message', listener: (data: RawData, isBinary: boolean) => void): unknown;
  on(event: 'ping' | 'pong', listener: (data: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'message', listener: (data: RawData, isBinary: boolean) => void): unknown;
  off(event: 'ping' | 'pong', listener: (data: Buffer) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  send(data: string): void;
  send(data: Uint8Array, options: { binary: true }): void;
  ping(data: Buffer): void;
  pong(data: Buffer): void;
  /** Stops reading from the client, so that its send buffer fills up. */
  pause(): void;
  /** Reads from the client again. */
  resume(): void;
  close(code: number, reason?: string): void;
  /** Ends the connection without the closing handshake. */
  terminate(): void;
}
