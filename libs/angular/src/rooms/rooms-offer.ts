import type { PublicConfig } from '@parley/protocol';

/** What the server says about its rooms. */
export interface RoomsOffer {
  readonly isAvailable: boolean;
  /** Why there are none, in the server's words. */
  readonly detail: string;
  readonly assistantName: string;
}

/** Reads it from the server's configuration; undefined until that is known. Servers from before there were rooms say nothing. */
export function roomsOffer(config: PublicConfig | undefined): RoomsOffer | undefined {
  if (!config) return undefined;
  const { available = false, detail = '', assistant_name: assistantName = 'The assistant' } = config.rooms ?? {};
  return { isAvailable: available, detail, assistantName };
}
