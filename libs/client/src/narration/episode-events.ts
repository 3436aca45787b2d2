import type { EpisodeEvent } from '@parley/protocol';

/** What the events of an episode report to their owner. */
export interface EpisodeEventsHandlers {
  onEvent(event: EpisodeEvent): void;
  /** Whether there is a connection. While there is none, the page goes on trying; the first event after a gap is the whole episode. */
  onConnected(connected: boolean): void;
}

const TYPES = ['episode', 'segment', 'state'] as const satisfies readonly EpisodeEvent['type'][];
/** Browsers connect again by themselves, except after an answer that is no stream, such as that of a proxy while the server restarts. */
export const EVENTS_RETRY_MS = 3_000;

/** Listens to what happens to one episode, until it is closed by its owner. */
export class EpisodeEvents {
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly handlers: EpisodeEventsHandlers,
  ) {
    this.connect();
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  private connect(): void {
    const source = new EventSource(this.url);
    this.source = source;
    source.onopen = () => this.handlers.onConnected(true);
    source.onerror = () => {
      if (this.source !== source) return;
      this.handlers.onConnected(false);
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.timer = setTimeout(() => this.connect(), EVENTS_RETRY_MS);
    };
    for (const type of TYPES) source.addEventListener(type, (event: MessageEvent<string>) => this.received(type, event.data));
  }

  private received(type: EpisodeEvent['type'], data: string): void {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return;
    }
    if (typeof value === 'object' && value !== null) this.handlers.onEvent({ ...value, type } as EpisodeEvent);
  }
}
