import { Logger } from '@nestjs/common';
import { MemoryRoomStore, RedisRoomStore, type RoomStore } from '@parley/rooms';
import { StartFailure } from '../start-failure';
import type { WorkerSettings } from './room-settings.token';

/** Injection token of `RoomStore`. */
export const ROOM_STORE = Symbol('ROOM_STORE');

/** Rejects with `StartFailure` if there is a Redis and it does not answer. */
export async function openRoomStore({ redisUrl: url }: Pick<WorkerSettings, 'redisUrl'>): Promise<RoomStore> {
  const logger = new Logger('RoomStore');
  if (url === undefined) {
    logger.warn('without REDIS_URL, conversations begin anew when this worker is lost');
    return new MemoryRoomStore();
  }
  const onConnectionError = ({ name }: Error): void => logger.warn({ message: 'the connection to Redis was lost', error: name });
  return RedisRoomStore.open({ url, onConnectionError }).catch(() => {
    throw new StartFailure('The Redis of REDIS_URL, in which room workers share what they know, does not answer.');
  });
}
