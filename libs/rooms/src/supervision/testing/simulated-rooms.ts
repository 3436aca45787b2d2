import type { ManualClock } from '@parley/testing';
import type { SupervisedParticipant, SupervisedRooms } from '../supervised-rooms';
import { SimulatedWorker, type SimulatedAssistant } from './simulated-worker';
import type { FaultyStore } from './faulty-store';

const DISPATCH_MS = 200;
/** The media server notices only then that a participant's process is gone. */
const NOTICE_MS = 20_000;
/** Who is heard only after a supervisor has looked may be removed all the same: a claim and a removal take no longer. */
const DECISION_MS = 1_000;
/** An assistant stays in an empty room for this long. */
const EMPTY_MS = 8_000;

/** Rooms, their people, and workers whose assistants attend them. */
export class SimulatedRooms {
  readonly people = new Map<string, number>();
  readonly assistants: SimulatedAssistant[] = [];
  readonly workers: SimulatedWorker[];
  /** When supervisors had an assistant sent, by room. */
  readonly dispatches = new Map<string, number[]>();
  /** What must never happen. */
  readonly violations: string[] = [];
  /** What happens before this time is not held against anybody. */
  forgivenUntilMs = -Infinity;
  /** How long assistants take to join, by turns. */
  joinsMs: readonly number[] = [300];
  onChanged: (room: string) => void = () => undefined;
  #jobs = 0;
  readonly #emptySinceMs = new Map<string, number>();
  #hanging: Promise<void> | undefined;

  constructor(
    private readonly clock: ManualClock,
    private readonly faulty: FaultyStore,
    rooms: readonly string[],
    workers: number,
  ) {
    const changed = (room: string) => this.#changed(room);
    this.workers = Array.from({ length: workers }, (_, i) => new SimulatedWorker(`w${i}`, clock, faulty.store, changed));
    for (const room of rooms) this.people.set(room, 0);
  }

  /** As the supervisors see it. */
  readonly supervised: SupervisedRooms = {
    rooms: () => this.#answer(() => [...this.people.keys()]),
    participantsIfAny: (room) => this.#answer(() => this.participants(room)),
    removeParticipant: (room, identity) => this.#answer(() => this.#remove(room, identity)),
    dispatchAgent: (room) => {
      this.dispatches.set(room, [...(this.dispatches.get(room) ?? []), this.clock.now()]);
      return this.#answer(() => this.dispatch(room));
    },
  };

  participants(room: string): SupervisedParticipant[] {
    const people = Array.from({ length: this.people.get(room) ?? 0 }, (_, i) => this.#participant(`person ${i}`, false));
    const present = this.assistants.filter(({ lease, isInRoom }) => lease.room === room && isInRoom);
    return [...people, ...present.map(({ lease }) => this.#participant(lease.identity, true))];
  }

  /** Assistants of the room whose processes run. */
  audible(room: string): SimulatedAssistant[] {
    return this.assistants.filter(({ lease, isAudible, worker }) => lease.room === room && isAudible && worker.runs);
  }

  join(room: string): void {
    this.people.set(room, (this.people.get(room) ?? 0) + 1);
    this.#emptySinceMs.delete(room);
    this.#changed(room);
  }

  leave(room: string): void {
    const people = Math.max(0, (this.people.get(room) ?? 0) - 1);
    this.people.set(room, people);
    if (people === 0) this.#emptySinceMs.set(room, this.clock.now());
    this.#changed(room);
  }

  /** The media server knows at once of a killed worker, whose connection has ended. A frozen one is asked all the same, and the dispatch is lost. */
  dispatch(room: string): void {
    this.clock.schedule(DISPATCH_MS, () => {
      const jobId = `J${++this.#jobs}`;
      const connected = this.workers.filter(({ isAlive }) => isAlive);
      const worker = connected[this.#jobs % connected.length];
      if (!worker.runs) return;
      const lease = { room, jobId, identity: `agent-${jobId}`, workerId: worker.id };
      const assistant = { lease, worker, isInRoom: false, isAudible: false, audibleSinceMs: -Infinity, hasEnded: false };
      this.assistants.push(assistant);
      const isWanted = () => this.clock.now() - (this.#emptySinceMs.get(room) ?? Infinity) < EMPTY_MS;
      void worker.attend(assistant, this.joinsMs[this.#jobs % this.joinsMs.length], () => !this.#emptySinceMs.has(room) || isWanted());
    });
  }

  kill(worker: SimulatedWorker): void {
    worker.isAlive = false;
    this.#noticeLater(worker);
  }

  freeze(worker: SimulatedWorker): void {
    worker.freeze();
    this.#noticeLater(worker);
  }

  /** The media server answers nothing until the returned function is called, and then does what it was asked. */
  hang(): () => void {
    let end: () => void = () => undefined;
    this.#hanging = new Promise((resolve) => (end = resolve));
    return () => {
      this.#hanging = undefined;
      end();
    };
  }

  /** Notes what must not be so at any time. */
  check(): void {
    for (const room of this.people.keys()) {
      const voices = this.audible(room).map(({ lease }) => lease.identity);
      if (voices.length > 1) this.#violation(`${voices.join(' and ')} are heard in ${room}`);
    }
  }

  async #answer<T>(answer: () => T): Promise<Awaited<T>> {
    await this.#hanging;
    return await answer();
  }

  async #remove(room: string, identity: string): Promise<void> {
    const found = this.assistants.find(({ lease }) => lease.identity === identity);
    const holder = await this.faulty.records.leaseOf(room);
    if (holder?.identity === identity) this.#violation(`${identity} was removed though it attends ${room}`);
    if (!found) return;
    const isHeard = this.audible(room).includes(found) && this.clock.now() - found.audibleSinceMs > DECISION_MS;
    if (isHeard) this.#violation(`${identity} was removed while it was heard in ${room}`);
    Object.assign(found, { isInRoom: false, isAudible: false });
    // A process that does not run hears nothing of it, and may come back.
    if (found.worker.runs) found.hasEnded = true;
    this.#changed(room);
  }

  #noticeLater(worker: SimulatedWorker): void {
    this.clock.schedule(NOTICE_MS, () => {
      if (worker.runs) return;
      for (const assistant of this.assistants.filter((of) => of.worker === worker && of.isInRoom)) {
        assistant.isInRoom = false;
        this.#changed(assistant.lease.room);
      }
    });
  }

  #changed(room: string): void {
    this.check();
    this.onChanged(room);
  }

  #violation(what: string): void {
    if (this.clock.now() >= this.forgivenUntilMs) this.violations.push(`${this.clock.now()}: ${what}`);
  }

  #participant(identity: string, isAssistant: boolean): SupervisedParticipant {
    return { identity, isAssistant, isPerson: !isAssistant, joinedAtMs: 0 };
  }
}
