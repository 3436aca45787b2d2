import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SYSTEM_CLOCK } from '@parley/engine';
import type { RoomStore } from '@parley/rooms';
import { RoomParticipant, RoomWorker, type RoomWorkerResources, WorkerAdmission, WorkerConnection } from '@parley/rooms/worker';
import { engineLog, type Engines, ENGINES, EventLoopDelay, toServerMessage } from '@parley/server';
import { VERSION } from '../version';
import { OpeningLines } from './opening-lines';
import { ROOM_SETTINGS, type WorkerSettings } from './room-settings.token';
import { ROOM_STORE } from './room-store.token';

export interface WorkerState extends RoomWorkerResources {
  /** What the media server is told, from 0 to 0.69. */
  load: number;
  eventLoopDelayMs: number;
}

/** Makes the room worker from the settings, the store and the engines, and ends it in the right order. */
@Injectable()
export class WorkerHost implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('RoomWorker');
  private readonly delay = new EventLoopDelay();
  private readonly admission: WorkerAdmission;
  private readonly worker: RoomWorker;

  constructor(
    @Inject(ROOM_SETTINGS) settings: WorkerSettings,
    @Inject(ROOM_STORE) private readonly store: RoomStore,
    @Inject(ENGINES) engines: Engines,
    @Inject(OpeningLines) lines: Pick<OpeningLines, 'of'>,
  ) {
    const { url, apiKey, apiSecret, agentName, assistantName, workerSlots: slots, workerFrameMs: microphoneFrameMs } = settings;
    const logger = engineLog(this.logger);
    this.admission = new WorkerAdmission({ slots, clock: SYSTEM_CLOCK, eventLoopDelayMs: () => this.delay.currentMs });
    this.worker = new RoomWorker({
      connect: (handler) => {
        const onRegistered = (workerId: string) => this.logger.log({ message: 'takes rooms of the media server', workerId, slots });
        return new WorkerConnection({ url, apiKey, apiSecret, agentName, version: VERSION, logger, onRegistered }, handler);
      },
      admission: this.admission,
      store,
      joinRoom: (request) =>
        RoomParticipant.join({
          ...request,
          engines,
          toMessage: toServerMessage,
          openingLine: (occasion) => lines.of(occasion),
          microphoneFrameMs,
          logger,
        }),
      workerId: randomUUID(),
      url,
      assistantName,
      logger,
    });
  }

  onApplicationBootstrap(): void {
    this.worker.start();
  }

  /** Takes no new room, and waits for the calls: at most so long, and only until `hurry` is aborted. */
  async drain(withinMs: number, hurry: AbortSignal): Promise<void> {
    const { rooms } = this.worker.resources();
    this.logger.log({ message: 'takes no more rooms, and ends with its last call', rooms });
    await this.worker.drain(withinMs, hurry);
  }

  /** Leaves all rooms, which get other assistants. Before the engines are shut down. */
  async leave(): Promise<void> {
    await this.worker.close();
  }

  async onApplicationShutdown(): Promise<void> {
    this.delay.close();
    await this.store.close();
  }

  state(): WorkerState {
    return { ...this.worker.resources(), load: this.admission.load, eventLoopDelayMs: this.delay.currentMs };
  }
}
