import { MAX_CONTROL_MESSAGE_BYTES } from '@parley/protocol';
import type { BytesHeld } from '../../limits/address/held-bytes';

/** The network connection below a client's WebSocket, which emits the bytes as they arrive. */
export interface Wire {
  prependListener(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
}

export interface UnstartedLimitOptions {
  wire: Wire;
  /** What the connections of one address hold together. */
  held: BytesHeld;
  /** Called once, when a message is too long. */
  onExceeded: () => void;
}

/** Allowance for the headers of fragments and for pings between them. */
const FRAMING_BYTES = 4_096;

/**
 * Limits the length of messages before anything has started. A message becomes visible only when it is complete, so the bytes of an
 * incomplete one are counted on the connection itself. Otherwise many connections with one long incomplete message each could fill the
 * memory.
 */
export class UnstartedLimit {
  /** Number of bytes since the last message; it may be too low when bytes arrived together with the end of that message. */
  private unread = 0;

  constructor(private readonly options: UnstartedLimitOptions) {
    // Registered before the WebSocket's own listener, which reports a message while the bytes that complete it are still being processed.
    options.wire.prependListener('data', this.onData);
  }

  /** Must be called for each message; returns false when it is too long. */
  admits(byteLength: number): boolean {
    this.unread = 0;
    this.options.held.set(0);
    return byteLength <= MAX_CONTROL_MESSAGE_BYTES;
  }

  /** Stops counting. */
  stop(): void {
    this.options.wire.off('data', this.onData);
    this.options.held.release();
  }

  private readonly onData = (chunk: Uint8Array): void => {
    this.unread += chunk.length;
    if (this.unread > MAX_CONTROL_MESSAGE_BYTES + FRAMING_BYTES) {
      this.stop();
      this.options.onExceeded();
    } else this.options.held.set(this.unread);
  };
}
