import type { EngineLogger } from '@parley/engine';
import type { RoomLease, RoomStore } from '../store';
import { type SupervisorClock, within } from './bounded';
import type { SupervisedRooms } from './supervised-rooms';
import type { SupervisionAction, SupervisionNews } from './supervision-types';

export interface SupervisionWorkOptions {
  store: RoomStore;
  rooms: SupervisedRooms;
  clock: SupervisorClock;
  logger: EngineLogger;
  /** An assistant was dispatched into a room, for metrics. */
  onDispatched?: (room: string, reason: 'silent' | 'absent' | 'none') => void;
}

const STORE_MS = 2_000;
const MEDIA_SERVER_MS = 3_000;
/** Whether or not the lost assistant could be removed, its people wait for another one. */
const REMOVAL_MS = 500;

type Action<T extends SupervisionAction['type']> = Extract<SupervisionAction, { type: T }>;

/** Does what was decided, with the store and the media server. Never rejects, and takes a bounded time. */
export class SupervisionWork {
  readonly #options: SupervisionWorkOptions;

  constructor(options: SupervisionWorkOptions) {
    this.#options = options;
  }

  /** Resolves with what has become of it, if anybody needs to know. */
  async perform(action: SupervisionAction): Promise<SupervisionNews | undefined> {
    switch (action.type) {
      case 'look':
        return await this.#look(action);
      case 'claim':
        return await this.#claim(action);
      case 'dispatch':
        return await this.#dispatch(action);
      case 'remove':
        await this.#removeSecond(action);
        return undefined;
      case 'forget':
        await this.forget(action.room);
        return undefined;
      case 'give-up':
        this.#options.logger.error('no assistant stays in this room, and none is dispatched any more', { room: action.room });
        return undefined;
    }
  }

  /** Asks the store for the lost rooms. */
  async poll(): Promise<SupervisionNews> {
    try {
      return { type: 'store-answered', lost: await this.#ofStore(() => this.#options.store.lostRooms()) };
    } catch (error) {
      return { type: 'store-failed', cause: causeOf(error) };
    }
  }

  /** Reads all rooms and leases. Undefined if they cannot be had. */
  async survey(): Promise<SupervisionNews | undefined> {
    try {
      const rooms = await this.#ofMediaServer(() => this.#options.rooms.rooms());
      return { type: 'surveyed', rooms, leases: await this.#ofStore(() => this.#options.store.leases()) };
    } catch (error) {
      this.#options.logger.debug('the rooms could not be read', { cause: causeOf(error) });
      return undefined;
    }
  }

  async forget(room: string): Promise<void> {
    try {
      await this.#ofStore(() => this.#options.store.forgetRoom(room));
    } catch (error) {
      this.#options.logger.debug('an ended room was not forgotten; that happens by itself later', { room, cause: causeOf(error) });
    }
  }

  async #look({ room }: Action<'look'>): Promise<SupervisionNews> {
    try {
      const participants = await this.#ofMediaServer(() => this.#options.rooms.participantsIfAny(room));
      // Afterwards: an assistant takes its lease before it joins.
      const lease = await this.#ofStore(() => this.#options.store.leaseOf(room));
      return { type: 'looked', room, participants, lease };
    } catch (error) {
      this.#options.logger.debug('a room could not be looked at', { room, cause: causeOf(error) });
      return { type: 'look-failed', room };
    }
  }

  async #claim({ room, reason }: Action<'claim'>): Promise<SupervisionNews> {
    try {
      const claim = await this.#ofStore(() => this.#options.store.claimDispatch(room, reason));
      return { type: 'claimed', room, reason, claim };
    } catch (error) {
      this.#options.logger.debug('a dispatch could not be claimed', { room, cause: causeOf(error) });
      return { type: 'claim-failed', room };
    }
  }

  async #dispatch({ room, reason, attempt }: Action<'dispatch'>): Promise<SupervisionNews> {
    const lost = reason.type === 'none' ? undefined : reason.lease;
    const fields = { room, reason: reason.type, attempt, lost: lost?.identity, worker: lost?.workerId };
    if (lost) await this.#removeLost(lost);
    try {
      await this.#ofMediaServer(() => this.#options.rooms.dispatchAgent(room));
      this.#options.logger.warn('a room had no assistant, and another one was dispatched', fields);
      this.#options.onDispatched?.(room, reason.type);
    } catch (error) {
      this.#options.logger.warn('a room has no assistant, and none could be dispatched', { ...fields, cause: causeOf(error) });
    }
    return { type: 'dispatched', room };
  }

  async #removeLost({ room, identity }: RoomLease): Promise<void> {
    try {
      await within(this.#options.clock, REMOVAL_MS, this.#options.rooms.removeParticipant(room, identity));
    } catch (error) {
      // It has no lease: it leaves by itself if it ever comes back, or is removed as the second one.
      this.#options.logger.debug('a lost assistant was not removed', { room, identity, cause: causeOf(error) });
    }
  }

  async #removeSecond({ room, identity }: Action<'remove'>): Promise<void> {
    try {
      await this.#ofMediaServer(() => this.#options.rooms.removeParticipant(room, identity));
      this.#options.logger.warn('a room had two assistants, and the one without a lease was removed', { room, identity });
    } catch (error) {
      this.#options.logger.debug('a second assistant was not removed', { room, identity, cause: causeOf(error) });
    }
  }

  #ofStore<T>(ask: () => Promise<T>): Promise<T> {
    return within(this.#options.clock, STORE_MS, ask());
  }

  #ofMediaServer<T>(ask: () => Promise<T>): Promise<T> {
    return within(this.#options.clock, MEDIA_SERVER_MS, ask());
  }
}

/** Without the message: the media server's may repeat a token. */
function causeOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
