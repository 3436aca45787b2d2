import type { RoomControl } from './room-control';
import { TOKEN_TTL_S } from './room-tokens';

export interface BanWatchOptions {
  control: Pick<RoomControl, 'participantsIfAny' | 'removeParticipant'>;
  /** Called when somebody came back and was removed again. */
  onRemoved?: (room: string, identity: string) => void;
  /** Monotonic, in milliseconds. */
  now?: () => number;
  intervalMs?: number;
}

/** Tokens are accepted for up to a minute after they have expired. */
const WATCH_MS = (TOKEN_TTL_S + 90) * 1_000;
const INTERVAL_MS = 2_000;
/** The oldest are no longer watched then. */
const MOST = 1_000;

/**
 * Keeps people out who were removed by this server, for as long as a token from before can be used. The media server accepts such a token, and its
 * webhooks, which report that somebody joined, can be lost or may not be configured.
 */
export class BanWatch {
  private readonly watched = new Map<string, { room: string; identity: string; untilMs: number }>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private readonly now: () => number;

  constructor(private readonly options: BanWatchOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** How many are watched for. */
  get size(): number {
    return this.watched.size;
  }

  add(room: string, identity: string): void {
    const key = keyOf(room, identity);
    this.watched.delete(key);
    this.watched.set(key, { room, identity, untilMs: this.now() + WATCH_MS });
    const [oldest] = this.watched.keys();
    if (this.watched.size > MOST && oldest !== undefined) this.watched.delete(oldest);
    this.timer ??= setInterval(() => void this.look(), this.options.intervalMs ?? INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.watched.clear();
  }

  /** Looks into each room once. Never rejects: what cannot be asked now is asked the next time. */
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      this.forgetOld();
      const rooms = new Set([...this.watched.values()].map(({ room }) => room));
      for (const room of rooms) await this.lookInto(room);
    } finally {
      this.isLooking = false;
    }
  }

  private async lookInto(room: string): Promise<void> {
    const { control, onRemoved } = this.options;
    try {
      for (const { identity } of await control.participantsIfAny(room)) {
        if (!this.watched.has(keyOf(room, identity))) continue;
        await control.removeParticipant(room, identity);
        onRemoved?.(room, identity);
      }
    } catch {
      // The media server is away. Nobody can join meanwhile.
    }
  }

  private forgetOld(): void {
    for (const [key, { untilMs }] of this.watched) if (untilMs <= this.now()) this.watched.delete(key);
    if (this.watched.size === 0) this.stop();
  }
}

const keyOf = (room: string, identity: string): string => JSON.stringify([room, identity]);
