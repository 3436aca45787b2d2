import type { NarrationServerMessage, ServerMessage } from '@parley/protocol';

/** A WebSocket; the test acts as its server. */
export class FakeWebSocket {
  static readonly OPEN = 1;
  static readonly made: FakeWebSocket[] = [];
  /** If true, the browser does not allow the connection. */
  static refuses = false;

  readonly sent: (string | ArrayBuffer)[] = [];
  readyState = 0;
  bufferedAmount = 0;
  binaryType = 'blob';
  closedWith: number | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: MessageEvent<unknown>) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    if (FakeWebSocket.refuses) throw new DOMException('', 'SecurityError');
    FakeWebSocket.made.push(this);
  }

  send(data: string | ArrayBuffer): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith = code;
    this.readyState = 3;
  }

  /** The server accepts the connection. */
  accept(): void {
    this.readyState = FakeWebSocket.OPEN;
    this.onopen?.();
  }

  /** The server sends a message. */
  say(message: ServerMessage | NarrationServerMessage): void {
    this.deliver(JSON.stringify(message));
  }

  /** Any message arrives. */
  deliver(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }

  /** The other side closes the connection. */
  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** The control messages the page sent, parsed. */
  get messages(): Record<string, unknown>[] {
    return this.sent.filter((data) => typeof data === 'string').map((data) => JSON.parse(data) as Record<string, unknown>);
  }

  /** The control messages of one type. */
  ofType(type: string): Record<string, unknown>[] {
    return this.messages.filter((message) => message['type'] === type);
  }

  /** The audio the page sent. */
  get audio(): ArrayBuffer[] {
    return this.sent.filter((data) => data instanceof ArrayBuffer);
  }
}
