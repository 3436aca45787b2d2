import { setTimeout } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { describeError } from '@parley/engine';
import type { RoomControl, RoomAdmission, RoomEvent, RoomSupervisor } from '@parley/rooms';
import type { RoomMetrics } from './room-metrics';

export interface WebhookHandlerOptions {
  admission: Pick<RoomAdmission, 'check'>;
  control: Pick<RoomControl, 'rooms'>;
  supervisor: Pick<RoomSupervisor, 'roomStarted' | 'participantJoined' | 'participantLeft' | 'roomFinished'>;
  metrics: Pick<RoomMetrics, 'countRemovedAgain'>;
  logger: Pick<Logger, 'log' | 'warn'>;
  /** After each of these the next attempt is made. */
  retryAfterMs?: readonly number[];
}

const RETRY_AFTER_MS = [250, 1_000, 4_000];

/**
 * Does what follows from what the media server reports. That is done behind its back: the media server sends the next webhook of a room only after
 * this one was answered, and one that was answered with an error comes again as a duplicate.
 */
export class WebhookHandler {
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: WebhookHandlerOptions) {}

  handle(event: RoomEvent): void {
    const { type, room, identity, isAssistant } = event;
    if (type === 'participant_joined' && identity !== undefined && !isAssistant) this.run(() => this.check(room, identity));
    if (event.isWithAssistant) this.tellSupervisor(event);
  }

  /** Resolves when nothing is going on any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  /** Who was removed may still have a token from before. */
  private async check(room: string, identity: string): Promise<void> {
    const { admission, metrics, logger } = this.options;
    if (!(await admission.check(room, identity))) return;
    metrics.countRemovedAgain();
    logger.log({ message: 'somebody who was removed came back and was removed again', room });
  }

  private tellSupervisor({ type, room, isPerson, isAssistant }: RoomEvent): void {
    const { supervisor } = this.options;
    if (type === 'room_started') supervisor.roomStarted(room);
    if (type === 'room_finished') this.run(() => this.finished(room));
    if (!isPerson && !isAssistant) return;
    if (type === 'participant_joined') supervisor.participantJoined(room);
    if (type === 'participant_left') supervisor.participantLeft(room);
  }

  /** The report may be late, and the next room of that name be there. */
  private async finished(room: string): Promise<void> {
    const { control, supervisor } = this.options;
    if (!(await control.rooms()).includes(room)) supervisor.roomFinished(room);
  }

  private run(task: () => Promise<void>): void {
    const running = this.attempt(task).finally(() => this.running.delete(running));
    this.running.add(running);
  }

  private async attempt(task: () => Promise<void>): Promise<void> {
    const { logger, retryAfterMs = RETRY_AFTER_MS } = this.options;
    const { signal } = this.stopping;
    for (const waitMs of [...retryAfterMs, undefined]) {
      try {
        return await task();
      } catch (error) {
        if (waitMs === undefined)
          return void logger.warn({ message: 'a webhook of the media server was of no effect', error: describeError(error) });
        await setTimeout(waitMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
    }
  }
}
