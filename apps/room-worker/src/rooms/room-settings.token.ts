import type { Settings } from '@parley/server';
import { StartFailure } from '../start-failure';

/** The settings of rooms in a program that does nothing else. */
export type WorkerSettings = NonNullable<Settings['rooms']>;

/** Injection token of `WorkerSettings`. */
export const ROOM_SETTINGS = Symbol('ROOM_SETTINGS');

/** Throws `StartFailure` if there is no media server whose rooms could be attended. */
export function workerSettings({ rooms, missingForRooms: missing }: Pick<Settings, 'rooms' | 'missingForRooms'>): WorkerSettings {
  if (rooms) return rooms;
  throw new StartFailure(
    `A room worker needs a LiveKit server, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set. ` +
      '"npm run livekit" starts a server for development and says what to put into .env.',
  );
}
