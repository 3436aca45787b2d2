import type { Page, WebSocketRoute } from '@playwright/test';
import type { Speech } from './listening';

const HEADER_BYTES = 12;
const TURN_OFFSET = 4;
const RATE_HZ = 24_000;
/** Speech arrives in real time, but after this much of it nothing arrives for a while. Both in ms. */
const BETWEEN_STALLS_MS = 700;
const STALL_MS = 450;

/** What the page told about its playback. */
interface PlaybackReport {
  readonly type: 'playback';
  readonly turn: number;
  readonly event: string;
  readonly played_ms: number;
}

/** A connection on which the server's speech stutters: everything arrives in order, but some of it too late to be played in time. */
export class StutteringConnection {
  readonly reports: PlaybackReport[] = [];
  private readonly pcm = new Map<number, Buffer[]>();
  private dueAtMs = 0;
  private sinceStallMs = 0;
  private route: WebSocketRoute | undefined;

  /** Routes all further conversations of the page through this connection. */
  static async install(page: Page): Promise<StutteringConnection> {
    const connection = new StutteringConnection();
    await page.routeWebSocket('**/ws', (near) => connection.join(near));
    return connection;
  }

  /** All speech of one turn that the server has sent on the newest connection. */
  speechOf(turn: number): Speech {
    const bytes = Buffer.concat(this.pcm.get(turn) ?? []);
    return { pcm: Int16Array.from({ length: bytes.byteLength / 2 }, (_, i) => bytes.readInt16LE(i * 2)), sampleRateHz: RATE_HZ };
  }

  /** Breaks the newest connection. */
  async cut(): Promise<void> {
    await this.route?.close({ code: 1011 });
  }

  private join(near: WebSocketRoute): void {
    this.route = near;
    this.pcm.clear();
    const far = near.connectToServer();
    near.onMessage((message) => {
      if (typeof message === 'string' && message.includes('"playback"')) this.reports.push(JSON.parse(message) as PlaybackReport);
      far.send(message);
    });
    far.onMessage((message) => {
      if (typeof message === 'string') near.send(message);
      else this.pass(near, message);
    });
  }

  private pass(near: WebSocketRoute, frame: Buffer): void {
    const turn = frame.readUInt32LE(TURN_OFFSET);
    this.pcm.set(turn, [...(this.pcm.get(turn) ?? []), frame.subarray(HEADER_BYTES)]);
    const durationMs = ((frame.byteLength - HEADER_BYTES) / 2 / RATE_HZ) * 1000;
    this.dueAtMs = Math.max(this.dueAtMs, performance.now());
    setTimeout(() => near.send(frame), Math.max(0, this.dueAtMs - performance.now()));
    this.dueAtMs += durationMs;
    this.sinceStallMs += durationMs;
    if (this.sinceStallMs < BETWEEN_STALLS_MS) return;
    this.sinceStallMs = 0;
    this.dueAtMs += STALL_MS;
  }
}
