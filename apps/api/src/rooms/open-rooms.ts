import { Logger } from '@nestjs/common';
import {
  BanWatch,
  MemoryRoomStore,
  RedisRoomStore,
  RoomControl,
  RoomAdmission,
  type RoomStore,
  RoomSupervisor,
  RoomWebhooks,
} from '@parley/rooms';
import { engineLog, type RoomSettings } from '@parley/server';
import type { RoomMetrics } from './room-metrics';
import { WebhookHandler } from './webhook-handler';

export interface OpenRooms {
  control: RoomControl;
  admission: RoomAdmission;
  bans: BanWatch;
  webhooks: RoomWebhooks;
  handler: WebhookHandler;
  supervisor: RoomSupervisor;
  close: () => Promise<void>;
}

export interface OpenRoomsOptions {
  metrics: RoomMetrics;
  logger: Pick<Logger, 'log' | 'warn'>;
  /** Told after each request whether the media server answered. */
  onAnswer: (isReachable: boolean) => void;
  onStoreLost: (error: Error) => void;
}

/** Makes everything that controls the rooms of a media server. Rejects if Redis does not answer; the media server is asked nothing. */
export async function openRooms(settings: RoomSettings, { metrics, logger, onAnswer, onStoreLost }: OpenRoomsOptions): Promise<OpenRooms> {
  const { url, apiKey, apiSecret, agentName, assistantName, publicUrl, recording } = settings;
  const control = await RoomControl.load({
    ...{ url, apiKey, apiSecret, agentName, onAnswer },
    recordingDir: recording.dir,
  });
  const store = await openStore(settings.redisUrl, onStoreLost);
  const admission = new RoomAdmission({ control, store, publicUrl, assistantName });
  const bans = new BanWatch({ control, onRemoved: () => metrics.countRemovedAgain() });
  const supervisor = new RoomSupervisor({
    ...{ store, rooms: control, logger: engineLog(new Logger(RoomSupervisor.name)) },
    onDispatched: (_room, reason) => metrics.countReplacement(reason),
  });
  supervisor.start();
  const handler = new WebhookHandler({ admission, supervisor, control, metrics, logger });
  const close = async (): Promise<void> => {
    bans.stop();
    await Promise.all([handler.stop(), supervisor.stop()]);
    await store.close();
  };
  return { control, admission, bans, handler, supervisor, close, webhooks: new RoomWebhooks(control.server, store) };
}

async function openStore(redisUrl: string | undefined, onConnectionError: (error: Error) => void): Promise<RoomStore> {
  return redisUrl === undefined ? new MemoryRoomStore() : await RedisRoomStore.open({ url: redisUrl, onConnectionError });
}
