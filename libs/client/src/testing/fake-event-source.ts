import type { EpisodeEvent } from '@parley/protocol';

/** A stream of server-sent events whose server is the spec. */
export class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static readonly made: FakeEventSource[] = [];

  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
    FakeEventSource.made.push(this);
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }

  /** The server accepts the connection. */
  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The connection goes. `isFinal`: the browser does not try again by itself. */
  fail(isFinal = false): void {
    this.readyState = isFinal ? FakeEventSource.CLOSED : 0;
    this.onerror?.();
  }

  /** The server sends an event. */
  say(event: EpisodeEvent): void {
    this.deliver(event.type, JSON.stringify(event));
  }

  /** Any event with any data. */
  deliver(type: string, data: string): void {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }
}
