import type { Provider } from '@angular/core';
import { MicrophoneTrial } from './microphone-trial';
import { RoomSession } from './room-session';
import { ROOMS_SETTINGS, type RoomsSettings } from './rooms-settings';

/** Rooms with all that they use, for the component that shows them: made with the page, and left with it. `settings` is asked once. */
export function provideRooms(settings: () => RoomsSettings): Provider[] {
  return [{ provide: ROOMS_SETTINGS, useFactory: settings }, RoomSession, MicrophoneTrial];
}
