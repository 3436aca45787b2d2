import { randomBytes } from 'node:crypto';
import type { JoinRoom, RoomAccess } from '@parley/protocol';
import type { RoomStore } from '../store/room-store';
import { assistantSettings } from './assistant-settings';
import { toControlError } from './room-control-error';
import type { RoomControl } from './room-control';
import type { RoomTokens } from './room-tokens';

export type JoinResult =
  | { kind: 'granted'; access: RoomAccess }
  /** The identity was removed from the room and may not come back yet. */
  | { kind: 'banned' }
  /** The identity is in the room. A second participant with it would throw the first one out. */
  | { kind: 'taken' };

export interface RoomAdmissionOptions {
  control: Pick<RoomControl, 'participantsIfAny' | 'removeParticipant' | 'room'> & { tokens: Pick<RoomTokens, 'issue' | 'proves'> };
  store: Pick<RoomStore, 'ban' | 'isBanned'>;
  /** Address of the media server for those who join, `ws:` or `wss:`. */
  publicUrl: string;
  assistantName: string;
}

/** For how long somebody who was removed cannot come back. Much longer than any token can be used. */
export const BAN_MS = 24 * 3600 * 1_000;
const NAME_BYTES = 12;

/** Decides who may join a room. All methods reject with `RoomControlError`, also if the store cannot be reached. */
export class RoomAdmission {
  constructor(private readonly options: RoomAdmissionOptions) {}

  /** A token for the request, which was checked. Nothing is made before somebody joins with it. */
  async join({ previous_token: proof, ...request }: JoinRoom): Promise<JoinResult> {
    const { control, publicUrl, assistantName } = this.options;
    const { identity, name = identity, room = newRoomName() } = request;
    if (await this.isBanned(room, identity)) return { kind: 'banned' };
    // Also for a new room, so that nobody is given a token that cannot be used because the media server is away.
    const isThere = (await control.participantsIfAny(room)).some((participant) => participant.identity === identity);
    // Who has just lost the connection is still listed, and comes back with the token from before.
    if (isThere && !(proof !== undefined && (await control.tokens.proves(proof, { room, identity })))) return { kind: 'taken' };
    const assistant = assistantSettings(request, assistantName);
    const { token, expiresAtMs } = await control.tokens.issue({ room, identity, name, assistant });
    return { kind: 'granted', access: { url: publicUrl, room, token, expires_at: new Date(expiresAtMs).toISOString() } };
  }

  /** Removes the identity, and keeps it out, also if it is not in the room now. Rejects with the kind `not_found` if there is no such room. */
  async remove(room: string, identity: string): Promise<void> {
    const { control, store } = this.options;
    await control.room(room);
    // First, so that it cannot come back in between.
    await store.ban(room, identity, Date.now() + BAN_MS).catch(fromStore);
    await control.removeParticipant(room, identity);
  }

  /** To be called when somebody joined: a token from before the removal still opens the room. Resolves with whether it was removed again. */
  async check(room: string, identity: string): Promise<boolean> {
    if (!(await this.isBanned(room, identity))) return false;
    await this.options.control.removeParticipant(room, identity);
    return true;
  }

  private async isBanned(room: string, identity: string): Promise<boolean> {
    return await this.options.store.isBanned(room, identity).catch(fromStore);
  }
}

const fromStore = (error: unknown): never => {
  throw toControlError('ask the store of rooms', error);
};

/** A name that cannot be guessed and needs no escaping. */
const newRoomName = (): string => randomBytes(NAME_BYTES).toString('hex');
