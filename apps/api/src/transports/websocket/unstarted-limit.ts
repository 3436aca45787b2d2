import { MAX_CONTROL_MESSAGE_BYTES } from '@parley/protocol';

/** The connection below a client's socket: its bytes as they arrive. */
export interface Wire {
  prependListener(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
}

/** For the headers of fragments, and for pings between them. */
const FRAMING_BYTES = 4_096;

/**
 * How long a message may be before the conversation has started. A message is told of when it is complete: what has arrived of an incomplete one
 * is counted on the connection itself, so that nobody fills the memory with connections that hold the most of a message each.
 */
export class UnstartedLimit {
  /** What came since the last message; rather less than that where it came together with the message's end. */
  private unread = 0;

  constructor(
    private readonly wire: Wire,
    /** Called once. */
    private readonly onExceeded: () => void,
  ) {
    // Before the WebSocket's own listener: it tells of a message while the bytes that complete it are being handed out.
    wire.prependListener('data', this.onData);
  }

  /** To be asked of each message: false when it is too long. */
  admits(byteLength: number): boolean {
    this.unread = 0;
    return byteLength <= MAX_CONTROL_MESSAGE_BYTES;
  }

  /** Counts no more. */
  stop(): void {
    this.wire.off('data', this.onData);
  }

  private readonly onData = (chunk: Uint8Array): void => {
    this.unread += chunk.length;
    if (this.unread <= MAX_CONTROL_MESSAGE_BYTES + FRAMING_BYTES) return;
    this.stop();
    this.onExceeded();
  };
}
