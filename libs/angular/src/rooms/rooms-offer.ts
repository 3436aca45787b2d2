import type { PublicConfig } from '@parley/protocol';

/** What the server says about its rooms. */
export interface RoomsOffer {
  readonly isAvailable: boolean;
  /** Why there are none, in the server's words. */
  readonly detail: string;
  readonly assistantName: string;
}

const NONE: RoomsOffer = { isAvailable: false, detail: '', assistantName: 'Assistant' };

/** Reads it from the server's configuration; undefined until that is known. Servers from before there were rooms say nothing. */
export function roomsOffer(config: PublicConfig | undefined): RoomsOffer | undefined {
  if (!config) return undefined;
  const rooms: unknown = Reflect.get(config, 'rooms');
  if (typeof rooms !== 'object' || rooms === null) return NONE;
  return {
    isAvailable: Reflect.get(rooms, 'available') === true,
    detail: textOf(Reflect.get(rooms, 'detail')),
    assistantName: textOf(Reflect.get(rooms, 'assistant_name')) || NONE.assistantName,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
