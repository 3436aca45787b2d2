import { InjectionToken } from '@angular/core';
import type { OpenRoomLink } from '@parley/client/rooms';

/** What the rooms are given by the page that shows them. */
export interface RoomsSettings {
  /** Address that `/api` stands for, without a slash at its end. */
  readonly apiUrl: string;
  /** Absolute address of the page at which one joins a room. */
  readonly linkTo: (room: string) => string;
  /** Left out: rooms of a LiveKit server. */
  readonly openLink?: OpenRoomLink;
}

export const ROOMS_SETTINGS = new InjectionToken<RoomsSettings>('ROOMS_SETTINGS');
