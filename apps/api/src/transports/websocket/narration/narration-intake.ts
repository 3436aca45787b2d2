import { MAX_CONTROL_MESSAGE_BYTES, type NarrationClientMessage } from '@parley/protocol';
import { parseNarrationMessage } from '@parley/protocol/validation';
import type { RawData } from 'ws';
import type { ClientSocket } from '../client-socket';
import { countJsonParts } from '../json-parts';
import { messageBytes } from '../message-bytes';
import { PacedReading } from './paced-reading';

/** The receiver of a client's messages. */
export interface NarrationReceiver {
  take(message: NarrationClientMessage): void;
  takePing(data: Buffer): void;
  /** A message was dropped; the client is told why. */
  refuse(code: 'bad_message' | 'unknown_type', message: string): void;
  /** A message is longer than it may be. */
  endOversize(): void;
}

/** Reads everything that the client of a narration sends. Owned by the connection, which detaches it when the socket has closed. */
export class NarrationIntake {
  private readonly pace: PacedReading;
  private isStopped = false;

  constructor(
    private readonly socket: ClientSocket,
    now: () => number,
    private readonly receiver: NarrationReceiver,
  ) {
    this.pace = new PacedReading(socket, now);
    socket.on('message', this.onMessage);
    socket.on('ping', this.onPing);
    socket.on('pong', this.onPong);
  }

  /** Passes nothing more on. */
  stop(): void {
    this.isStopped = true;
    this.pace.stop();
  }

  detach(): void {
    this.stop();
    this.socket.off('message', this.onMessage);
    this.socket.off('ping', this.onPing);
    this.socket.off('pong', this.onPong);
  }

  private readonly onMessage = (data: RawData, isBinary: boolean): void => {
    if (this.isStopped) return;
    const bytes = messageBytes(data);
    if (bytes.length > MAX_CONTROL_MESSAGE_BYTES) return this.receiver.endOversize();
    this.pace.count(bytes.length, isBinary ? 0 : countJsonParts(bytes));
    if (isBinary) return this.receiver.refuse('bad_message', 'A narration takes JSON text only.');
    const parsed = parseNarrationMessage(bytes.toString('utf8'));
    if (parsed.ok) this.receiver.take(parsed.message);
    else this.receiver.refuse(parsed.code, parsed.message);
  };

  private readonly onPing = (data: Buffer): void => {
    if (this.isStopped) return;
    this.pace.count(data.length);
    this.receiver.takePing(data);
  };

  private readonly onPong = (data: Buffer): void => {
    if (!this.isStopped) this.pace.count(data.length);
  };
}
