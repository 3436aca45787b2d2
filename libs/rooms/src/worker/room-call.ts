import type { Clock, ConversationMemory, EngineLogger } from '@parley/engine';
import type { RoomLease } from '../store/room-store';
import type { Attendee, JoinRoom, RoomEnd, RoomJob } from './attendee';
import { inTime } from '../shared/in-time';
import { LeaseKeeper } from './lease-keeper';
import { MemorySaver } from './memory-saver';
import { untilStoreAnswers } from './until-store-answers';
import type { WorkerStore } from './worker-store';

export interface RoomCallOptions {
  job: RoomJob;
  workerId: string;
  store: WorkerStore;
  joinRoom: JoinRoom;
  clock: Clock;
  logger: EngineLogger;
  /** The assistant is in the room. */
  onJoined: () => void;
}

/** How a call went, for the media server. `error` is constant. */
export type CallResult = { outcome: 'success' } | { outcome: 'failed'; error: string };

/** After these the conversation is over. After all others the room gets another assistant. */
const ON_PURPOSE: ReadonlySet<RoomEnd> = new Set<RoomEnd>(['empty', 'ended', 'terminated']);

/** How long a room may wait for a store that is away. */
const TAKE_MS = 10_000;
/** How long the memory of a lost assistant is waited for. Without it the conversation begins anew. */
const LOAD_MS = 2_000;
const JOIN_MS = 20_000;
const LEAVE_MS = 5_000;
const HAND_BACK_MS = 1_000;

/** The assistant's stay in one room, from the assignment of the job to the moment when everything is released. */
export class RoomCall {
  private readonly lease: RoomLease;
  private readonly keeper: LeaseKeeper;
  private readonly memory: MemorySaver;
  private readonly leaving = new AbortController();
  private readonly ended: Promise<RoomEnd>;
  private noteEnd: (end: RoomEnd) => void = () => undefined;
  private leaveReason: RoomEnd | undefined;
  private attendee: Attendee | undefined;

  constructor(private readonly options: RoomCallOptions) {
    const { job, workerId, store, clock, logger } = options;
    this.ended = new Promise((resolve) => (this.noteEnd = resolve));
    this.lease = { room: job.room, jobId: job.jobId, identity: job.identity, workerId };
    this.memory = new MemorySaver((memory) => store.saveMemory(this.lease, memory));
    this.keeper = new LeaseKeeper({
      store,
      lease: this.lease,
      clock,
      logger,
      onUncertain: () => this.silence(true),
      onCertain: () => this.silence(false),
      onRegained: () => this.memory.saveAgain(),
      onLost: () => this.leave('lease_lost'),
    });
  }

  /** Attends the room, and resolves when that is over. Never rejects. */
  async attend(): Promise<CallResult> {
    const taken = await this.takeLease();
    if (taken !== 'taken' && this.leaveReason !== undefined) return { outcome: 'success' };
    if (taken === 'refused') return { outcome: 'failed', error: 'another assistant has the room' };
    if (taken === 'away') return { outcome: 'failed', error: 'the store of the rooms cannot be reached' };
    this.keeper.start();
    const end = await this.stay();
    this.keeper.stop();
    await this.handBack(end);
    return end === 'failed' || end === 'disconnected' ? { outcome: 'failed', error: end } : { outcome: 'success' };
  }

  /** Makes the assistant leave, or not join if it has not yet. The first reason counts. */
  leave(reason: RoomEnd): void {
    if (this.leaveReason !== undefined) return;
    this.leaveReason = reason;
    if (reason === 'lease_lost') {
      this.memory.stop();
      this.silence(true);
    }
    this.leaving.abort();
    if (this.attendee) void this.endStay(this.attendee, reason);
  }

  private async takeLease(): Promise<'taken' | 'refused' | 'away'> {
    const { store, clock } = this.options;
    const isTaken = await untilStoreAnswers(() => store.acquireLease(this.lease), {
      clock,
      withinMs: TAKE_MS,
      signal: this.leaving.signal,
    });
    if (isTaken === undefined) return 'away';
    return isTaken ? 'taken' : 'refused';
  }

  /** From the lease to the end of the stay. */
  private async stay(): Promise<RoomEnd> {
    const { store, clock, job, logger, onJoined } = this.options;
    const load = () => store.loadMemory(job.room).then((memory) => ({ memory }));
    const loaded = await untilStoreAnswers(load, { clock, withinMs: LOAD_MS, signal: this.leaving.signal });
    if (this.leaveReason !== undefined) return this.leaveReason;
    const joining = this.join(loaded?.memory);
    try {
      this.attendee = await inTime(joining, JOIN_MS);
    } catch (error) {
      // Whoever arrives later than that must not stay.
      joining.then((late) => late.leave('failed')).catch(() => undefined);
      logger.warn('the room could not be joined', { room: job.room, error: error instanceof Error ? error.name : typeof error });
      return this.leaveReason ?? 'failed';
    }
    if (this.keeper.mustBeSilent) this.attendee.silence(true);
    // Joining may have taken long, and nobody may hear two assistants.
    this.keeper.recheck();
    if (this.leaveReason !== undefined) void this.endStay(this.attendee, this.leaveReason);
    else onJoined();
    const end = await this.ended;
    return this.leaveReason ?? end;
  }

  private async join(memory: ConversationMemory | undefined): Promise<Attendee> {
    const { job, joinRoom } = this.options;
    return joinRoom({
      job,
      memory,
      onMemory: (latest) => this.memory.note(latest),
      onReconnecting: () => this.keeper.interrupted(),
      onReconnected: () => this.keeper.reconnected(),
      onEnded: (end) => this.noteEnd(end),
    });
  }

  private async endStay(attendee: Attendee, reason: RoomEnd): Promise<void> {
    await inTime(attendee.leave(reason), LEAVE_MS).catch(() => {
      this.options.logger.warn('the room was not left in the orderly way', { room: this.options.job.room, reason });
    });
    this.noteEnd(reason);
  }

  /** Says whether the room needs another assistant, who then goes on with the memory. If the store does not hear it, the lease runs out. */
  private async handBack(end: RoomEnd): Promise<void> {
    if (this.leaveReason === 'lease_lost') return;
    await this.memory.finish();
    const { store } = this.options;
    const isRoomEmpty = end === 'empty';
    const handedBack = ON_PURPOSE.has(end) ? store.releaseLease(this.lease, { isRoomEmpty }) : store.abandonLease(this.lease);
    await inTime(handedBack, HAND_BACK_MS).catch(() => undefined);
  }

  private silence(on: boolean): void {
    this.attendee?.silence(on);
  }
}
