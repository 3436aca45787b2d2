import { setTimeout } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  ServiceUnavailableException,
} from '@nestjs/common';
import { describeError } from '@parley/engine';
import type { RoomsDescription } from '@parley/protocol';
import { Once } from '@parley/providers';
import { type Settings, SETTINGS } from '@parley/server';
import { LastKnown } from './last-known';
import { type OpenRooms, openRooms } from './open-rooms';
import { RoomMetrics } from './room-metrics';

/** How soon Redis is tried again that did not answer at the start. */
const RETRY_AFTER_MS = 2_000;
const TELL_AGAIN_AFTER_MS = 60_000;

/**
 * The rooms of this server, on a LiveKit server. Where none is configured, nothing of LiveKit is loaded. Where one is, lost assistants are replaced
 * from the start on, whether or not anybody asks for a room here.
 */
@Injectable()
export class Rooms implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Rooms.name);
  private readonly closing = new AbortController();
  private readonly opening = new Once(() => this.openAll());
  private readonly known = new LastKnown(async () => (await this.opened())?.control.server.isReachable() ?? false);
  private retrying: Promise<void> | undefined;
  private silentUntilMs = 0;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'access' | 'rooms' | 'missingForRooms'>,
    @Inject(RoomMetrics) private readonly metrics: RoomMetrics,
  ) {
    metrics.readMediaServer(() => this.known.isUp);
  }

  onApplicationBootstrap(): void {
    if (this.settings.rooms === undefined) return;
    // The server takes conversations meanwhile.
    this.retrying = this.openAtLast();
  }

  /** Why there are no rooms; undefined where they are configured. */
  get problem(): string | undefined {
    if (this.settings.rooms !== undefined) return undefined;
    return `There are no rooms on this server: they need a LiveKit server, and ${listed(this.settings.missingForRooms)} not set.`;
  }

  /** Rejects with `ServiceUnavailableException` if there are none, or if what they need does not answer yet. */
  async open(): Promise<OpenRooms> {
    if (this.problem !== undefined) throw new ServiceUnavailableException({ message: this.problem });
    if (this.closing.signal.aborted) throw new ServiceUnavailableException({ message: 'The server is shutting down.' });
    const rooms = await this.opened();
    if (!rooms) throw new ServiceUnavailableException({ message: 'The server cannot reach what its rooms need. Try again in a moment.' });
    return rooms;
  }

  /** For `/api/config`. Never rejects, and waits at most once, for the first answer of the media server. */
  async describe(): Promise<RoomsDescription> {
    const { rooms } = this.settings;
    if (rooms === undefined) return { available: false, detail: this.problem, assistant_name: 'Parley', recording: false, open: false };
    const available = await this.known.get();
    return {
      available,
      ...(!available && { detail: 'The media server of this server does not answer.' }),
      ...{
        assistant_name: rooms.assistantName,
        recording: rooms.recording.allowed,
        open: rooms.isOpen || this.settings.access.sessionTokens.secret !== undefined,
      },
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.retrying;
    await (await this.opening.current?.catch(() => undefined))?.close();
  }

  private async opened(): Promise<OpenRooms | undefined> {
    return await this.opening.get().catch((error: unknown) => this.tell('rooms cannot be opened yet', error));
  }

  private async openAtLast(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted && !(await this.opened())) await setTimeout(RETRY_AFTER_MS, undefined, { signal }).catch(() => undefined);
    await this.known.get();
  }

  private async openAll(): Promise<OpenRooms> {
    if (this.settings.rooms === undefined) throw new Error('rooms are not configured');
    return await openRooms(this.settings.rooms, {
      metrics: this.metrics,
      logger: this.logger,
      onAnswer: (isReachable) => this.known.set(isReachable),
      onStoreLost: (error) => this.tell('the connection to the store of rooms was lost', error),
    });
  }

  /** What fails again and again is told now and then. */
  private tell(message: string, error: unknown): undefined {
    if (performance.now() < this.silentUntilMs) return;
    this.silentUntilMs = performance.now() + TELL_AGAIN_AFTER_MS;
    this.logger.warn({ message, error: describeError(error) });
  }
}

const listed = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are` : `${names[0]} is`;
