import type { ConversationMemory } from '@parley/engine';
import { Redis } from 'ioredis';
import { SCRIPTS, type ScriptName } from './redis-scripts';
import {
  DAY_MS,
  ROOM_STORE_TIMES,
  type DispatchClaim,
  type DispatchReason,
  type LostRoom,
  type RoomLease,
  type RoomStore,
  type RoomStoreTimes,
} from './room-store';

export interface RedisRoomStoreOptions {
  /** `redis://user:password@host:port/database`, or the path of a socket. */
  url: string;
  /** Before the names of all keys. Default: `parley:rooms`. */
  prefix?: string;
  /** The connection was lost. It is made again by itself. */
  onConnectionError?: (error: Error) => void;
  times?: Partial<RoomStoreTimes>;
}

/** The commands fail after this time, and so does a connection that says nothing for as long. */
const ANSWER_TIMEOUT_MS = 1_000;
const RECONNECT_STEP_MS = 50;
/** Short: when Redis is back, leases have to be renewed before anybody takes their assistants as lost. */
const RECONNECT_AT_MOST_MS = 250;

type Arguments = readonly (string | number)[];
type ScriptedRedis = Redis & Record<ScriptName, (...keysAndArguments: Arguments) => Promise<unknown>>;

/** The store that several processes share, in one Redis (not a cluster). What nobody ends expires by itself. */
export class RedisRoomStore implements RoomStore {
  readonly #redis: ScriptedRedis;
  readonly #prefix: string;
  readonly #times: RoomStoreTimes;

  private constructor(redis: Redis, { prefix = 'parley:rooms', times }: RedisRoomStoreOptions) {
    for (const [name, { lua, numberOfKeys }] of Object.entries(SCRIPTS)) redis.defineCommand(name, { lua, numberOfKeys });
    this.#redis = redis as ScriptedRedis;
    this.#prefix = prefix;
    this.#times = { ...ROOM_STORE_TIMES, ...times };
  }

  /** Throws if Redis does not answer. Afterwards the connection is made again whenever it is lost. */
  static async open(options: RedisRoomStoreOptions): Promise<RedisRoomStore> {
    let hasBegun = false;
    const redis = new Redis(options.url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      // A renewal or a claim that is sent again later would say what is no longer true.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: ANSWER_TIMEOUT_MS,
      commandTimeout: ANSWER_TIMEOUT_MS,
      socketTimeout: ANSWER_TIMEOUT_MS,
      retryStrategy: (times) => (hasBegun ? Math.min(times * RECONNECT_STEP_MS, RECONNECT_AT_MOST_MS) : null),
      // A replica that was the primary until now: connect again, to where the primary is.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    redis.on('error', (error: Error) => hasBegun && options.onConnectionError?.(error));
    try {
      await redis.connect();
      await redis.ping();
    } catch (error) {
      redis.disconnect();
      throw error;
    }
    hasBegun = true;
    return new RedisRoomStore(redis, options);
  }

  async acquireLease(lease: RoomLease): Promise<boolean> {
    const { room, jobId, identity, workerId } = lease;
    const json = JSON.stringify({ room, jobId, identity, workerId });
    return this.#didRun('parleyAcquire', this.#jobKeys(lease), [room, jobId, json, this.#times.leaseMs]);
  }

  async renewLease(lease: RoomLease): Promise<boolean> {
    const { leaseMs, stableMs } = this.#times;
    return this.#didRun('parleyRenew', this.#jobKeys(lease), [lease.room, lease.jobId, leaseMs, stableMs]);
  }

  async releaseLease(lease: RoomLease, { isRoomEmpty } = { isRoomEmpty: false }): Promise<void> {
    const keys = [...this.#jobKeys(lease), this.#memoryKey(lease.room)];
    await this.#run('parleyRelease', keys, [lease.room, lease.jobId, isRoomEmpty ? 0 : 1]);
  }

  async abandonLease(lease: RoomLease): Promise<void> {
    await this.#run('parleyAbandon', this.#jobKeys(lease), [lease.room, lease.jobId]);
  }

  async leaseOf(room: string): Promise<RoomLease | undefined> {
    const lease = await this.#run('parleyLeaseOf', [this.#roomKey(room)], []);
    return typeof lease === 'string' ? parseLease(lease) : undefined;
  }

  async leases(): Promise<RoomLease[]> {
    return this.#listed('parleyLeases');
  }

  async isAttended(room: string): Promise<boolean> {
    return (await this.leaseOf(room)) !== undefined;
  }

  async lostRooms(): Promise<LostRoom[]> {
    const leases = await this.#listed('parleyLost');
    return leases.map((lease) => ({ room: lease.room, lease }));
  }

  async claimDispatch(room: string, reason: DispatchReason): Promise<DispatchClaim> {
    const jobId = reason.type === 'none' ? '' : reason.lease.jobId;
    const args = [room, reason.type, jobId, this.#times.claimMs, this.#key('replaced', '')];
    const answer = await this.#run('parleyClaim', [this.#roomKey(room), this.#dueKey], args);
    if (typeof answer === 'number') return { isGranted: true, attempt: answer };
    if (answer === 'attended' || answer === 'left' || answer === 'taken' || answer === 'exhausted') {
      return { isGranted: false, because: answer };
    }
    throw new Error('Redis has answered a claim with something unknown');
  }

  async saveMemory(lease: RoomLease, memory: ConversationMemory): Promise<boolean> {
    const keys = [...this.#jobKeys(lease), this.#memoryKey(lease.room)];
    return this.#didRun('parleySave', keys, [lease.room, lease.jobId, JSON.stringify(memory)]);
  }

  async loadMemory(room: string): Promise<ConversationMemory | undefined> {
    const memory = await this.#redis.get(this.#memoryKey(room));
    return memory === null ? undefined : (JSON.parse(memory) as ConversationMemory);
  }

  async ban(room: string, identity: string, untilMs: number): Promise<void> {
    const forMs = Math.ceil(untilMs - Date.now());
    if (forMs > 0) await this.#run('parleyBan', [this.#banKey(room, identity)], [forMs]);
  }

  async isBanned(room: string, identity: string): Promise<boolean> {
    return (await this.#redis.exists(this.#banKey(room, identity))) === 1;
  }

  async claimWebhook(id: string): Promise<boolean> {
    return (await this.#redis.set(this.#key('webhook', id), '1', 'PX', DAY_MS, 'NX')) === 'OK';
  }

  async forgetRoom(room: string): Promise<void> {
    await this.#run('parleyForget', [this.#roomKey(room), this.#dueKey, this.#memoryKey(room)], [room]);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  async #run(name: ScriptName, keys: readonly string[], args: Arguments): Promise<unknown> {
    return await this.#redis[name](...keys, ...args);
  }

  async #didRun(name: ScriptName, keys: readonly string[], args: Arguments): Promise<boolean> {
    return (await this.#run(name, keys, args)) === 1;
  }

  async #listed(name: 'parleyLeases' | 'parleyLost'): Promise<RoomLease[]> {
    const leases = (await this.#run(name, [this.#dueKey], [this.#roomKey('')])) as string[];
    return leases.map(parseLease);
  }

  #jobKeys({ room, jobId }: RoomLease): string[] {
    return [this.#roomKey(room), this.#dueKey, this.#key('replaced', jobId)];
  }

  #roomKey(room: string): string {
    return this.#key('room', room);
  }

  #memoryKey(room: string): string {
    return this.#key('memory', room);
  }

  #banKey(room: string, identity: string): string {
    // Both may contain anything, so a character between them would not keep them apart.
    return this.#key('ban', JSON.stringify([room, identity]));
  }

  get #dueKey(): string {
    return this.#key('due', '');
  }

  #key(kind: 'room' | 'memory' | 'ban' | 'webhook' | 'replaced' | 'due', name: string): string {
    return `${this.#prefix}:${kind}:${name}`;
  }
}

function parseLease(json: string): RoomLease {
  return JSON.parse(json) as RoomLease;
}
