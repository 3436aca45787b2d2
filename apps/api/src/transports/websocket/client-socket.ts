import type { RawData } from 'ws';

/** The part of a `ws` socket that a client connection uses. */
export interface ClientSocket {
  readonly readyState: number;
  readonly OPEN: number;
  /** Bytes that the client has not taken yet. */
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
  pong(data: Buffer): void;
  /** Takes nothing more from the client, whose end of the line fills up then. */
  pause(): void;
  close(code: number, reason?: string): void;
  /** Without the closing handshake. */
  terminate(): void;
}
