import { Room, RoomEvent } from '@livekit/rtc-node';
import { SILENT_LOGGER } from '@parley/engine';
import type { AssignedJob } from '../../dispatch/dispatch-messages';
import { WorkerConnection } from '../../dispatch/worker-connection';
import { RENEW_MS, type RoomLease, type RoomStore } from '../../store';
import type { LiveKitServer } from '../../testing';

/** An assistant without a voice. It keeps its room until it is told to be silent, as a process that was frozen. */
export interface ThinAssistant {
  readonly lease: RoomLease;
  readonly room: Room;
  /** When it was given the room, and when it renewed its lease for the last time. On the clock of this process. */
  readonly assignedAtMs: number;
  renewedAtMs: number;
  isSilent: boolean;
}

/** A worker that registers with the real server, and attends every room that it is given. */
export class ThinWorker {
  readonly assistants: ThinAssistant[] = [];
  readonly #connection: WorkerConnection;
  readonly #server: LiveKitServer;
  readonly #store: RoomStore;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(server: LiveKitServer, store: RoomStore, agentName: string) {
    this.#server = server;
    this.#store = store;
    const { url, apiKey, apiSecret } = server;
    this.#connection = new WorkerConnection(
      { url, apiKey, apiSecret, agentName, version: '0.0.0', logger: SILENT_LOGGER },
      {
        accept: ({ jobId }) => ({ identity: `agent-${jobId}`, name: 'Parley' }),
        assign: (job) => void this.#attend(job),
        terminate: () => undefined,
        disconnected: () => undefined,
        report: () => ({ isFull: false, load: 0, rooms: this.assistants.length }),
      },
    );
  }

  start(): void {
    this.#connection.start();
  }

  get isRegistered(): boolean {
    return this.#connection.isRegistered;
  }

  async end(): Promise<void> {
    this.#connection.close();
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.assistants.map(({ room }) => room.disconnect()));
  }

  async #attend({ jobId, room: name, token }: AssignedJob): Promise<void> {
    const assignedAtMs = performance.now();
    const lease = { room: name, jobId, identity: `agent-${jobId}`, workerId: 'thin' };
    if (!(await this.#store.acquireLease(lease))) return;
    const room = new Room();
    const assistant: ThinAssistant = { lease, room, assignedAtMs, renewedAtMs: performance.now(), isSilent: false };
    this.assistants.push(assistant);
    room.on(RoomEvent.Disconnected, () => (assistant.isSilent = true));
    this.#timers.push(setInterval(() => void this.#renew(assistant), RENEW_MS));
    await room.connect(this.#server.url, token, { autoSubscribe: false, dynacast: false });
  }

  async #renew(assistant: ThinAssistant): Promise<void> {
    if (assistant.isSilent) return;
    const askedAtMs = performance.now();
    try {
      const isOurs = (await this.#store.renewLease(assistant.lease)) || (await this.#store.acquireLease(assistant.lease));
      if (isOurs) assistant.renewedAtMs = askedAtMs;
      else await assistant.room.disconnect();
    } catch {
      // The store is away: the room is kept.
    }
  }
}
