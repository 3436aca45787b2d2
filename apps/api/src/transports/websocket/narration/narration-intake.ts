import type { NarrationClientMessage } from '@parley/protocol';
import { parseNarrationMessage } from '@parley/protocol/validation';
import type { RawData } from 'ws';
import type { ClientSocket } from '../client-socket';
import { countJsonParts } from '../json-parts';
import { messageBytes } from '../message-bytes';
import type { ConnectionLimits } from '../limits/connection-limits';
import { UnstartedLimit, type Wire } from '../limits/unstarted-limit';
import { PacedReading } from './paced-reading';

/** The receiver of a client's messages. */
export interface NarrationReceiver {
  take(message: NarrationClientMessage): void;
  takePing(data: Buffer): void;
  takePong(data: Buffer): void;
  /** A message was dropped; the client is told why. */
  refuse(code: 'bad_message' | 'unknown_type', message: string): void;
  /** A message is longer than it may be. */
  endOversize(): void;
  /** Incomplete messages of this and other connections of the address take too much memory. */
  endHeld(): void;
}

export interface NarrationIntakeOptions {
  /** The connection on which the bytes of the socket arrive. */
  wire: Wire;
  now: () => number;
  limits: Pick<ConnectionLimits, 'hold'>;
}

/** Reads everything that the client of a narration sends. Owned by the connection, which detaches it when the socket has closed. */
export class NarrationIntake {
  private readonly pace: PacedReading;
  private readonly unstarted: UnstartedLimit;
  private isStopped = false;

  constructor(
    private readonly socket: ClientSocket,
    { wire, now, limits }: NarrationIntakeOptions,
    private readonly receiver: NarrationReceiver,
  ) {
    this.pace = new PacedReading(socket, now);
    this.unstarted = new UnstartedLimit({
      wire,
      held: limits.hold(() => receiver.endHeld()),
      onExceeded: () => receiver.endOversize(),
    });
    socket.on('message', this.onMessage);
    socket.on('ping', this.onPing);
    socket.on('pong', this.onPong);
  }

  /** Whether the socket is not read at the moment. */
  get isPaused(): boolean {
    return this.pace.isPaused;
  }

  /** From now on only complete messages are counted. */
  narrationStarted(): void {
    this.unstarted.stop();
  }

  /** Passes nothing more on. */
  stop(): void {
    this.isStopped = true;
    this.unstarted.stop();
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
    if (!this.unstarted.admits(bytes.length)) return this.receiver.endOversize();
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
    if (this.isStopped) return;
    this.pace.count(data.length);
    this.receiver.takePong(data);
  };
}
