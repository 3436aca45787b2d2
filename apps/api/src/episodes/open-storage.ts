import { join } from 'node:path';
import {
  type EpisodeStore,
  LocalSegmentQueue,
  openPostgresEpisodeStore,
  openSqliteEpisodeStore,
  RedisSegmentQueue,
  type SegmentQueue,
} from '@parley/episodes';
import type { EpisodeSettings } from '@parley/server';
import { checkSharedFolder } from './shared-folder';

/** The file of the records where no `DATABASE_URL` is set. */
export const RECORDS = 'episodes.sqlite';

/** After this time without a sign of life, the work of a server that was killed is done by the others. */
export const TAKE_OVER_AFTER_MS = 15_000;

/** What the records or the work depend on outside of this server. */
export type Service = 'postgres' | 'redis' | 'folder';

/** A service could not be used when episodes were to be opened. */
export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure';

  constructor(
    readonly service: Service,
    cause: unknown,
  ) {
    super(`${service} cannot be used`, { cause });
  }
}

export interface Storage {
  store: EpisodeStore;
  queue: SegmentQueue;
}

/** Opens the records and the queue that the settings name. Throws `ServiceFailure`. `onLost` is told of connections that are lost later. */
export async function openStorage(
  { databaseUrl, redisUrl }: Pick<EpisodeSettings, 'databaseUrl' | 'redisUrl'>,
  folder: string,
  onLost: (service: Service, error: Error) => void,
): Promise<Storage> {
  if (databaseUrl === undefined) return { store: openSqliteEpisodeStore({ path: join(folder, RECORDS) }), queue: new LocalSegmentQueue() };
  const onConnectionLost = (error: Error): void => onLost('postgres', error);
  const store = await orFailure('postgres', openPostgresEpisodeStore({ url: databaseUrl, onConnectionLost }));
  try {
    const library = await orFailure('folder', checkSharedFolder(folder, store));
    if (redisUrl === undefined) return { store, queue: new LocalSegmentQueue() };
    const onConnectionError = (error: Error): void => onLost('redis', error);
    // Of the library, because other servers with other records may use the same Redis.
    const queue = RedisSegmentQueue.open({
      ...{ url: redisUrl, prefix: `parley:${library}`, takeOverAfterMs: TAKE_OVER_AFTER_MS },
      onConnectionError,
    });
    return { store, queue: await orFailure('redis', queue) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const orFailure = <T>(service: Service, opening: Promise<T>): Promise<T> =>
  opening.catch((error: unknown) => {
    throw new ServiceFailure(service, error);
  });
