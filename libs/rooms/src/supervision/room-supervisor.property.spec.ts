import { SILENT_LOGGER } from '@parley/engine';
import { ManualClock } from '@parley/testing';
import * as fc from 'fast-check';
import { CLAIM_MS, LEASE_MS } from '../store';
import { RoomSupervisor } from './room-supervisor';
import { FaultyStore } from './testing/faulty-store';
import { SimulatedRooms } from './testing/simulated-rooms';

const ROOMS = ['a', 'b', 'c'];
const WORKERS = 3;
const SUPERVISORS = 2;
/** A lost assistant is removed first, which may take half a second. */
const LEAST_BETWEEN_DISPATCHES_MS = CLAIM_MS - 500;
/** When the store has forgotten who was replaced, one that comes back may be heard until the other one renews its lease, or the reverse. */
const FORGIVEN_MS = LEASE_MS;
/** Longer than the longest claim, so that whatever is missing is made up for. */
const CALM_MS = 90_000;

const durationMs = fc.integer({ min: 100, max: 9_000 });
const room = fc.constantFrom(...ROOMS);
const fault = fc.oneof(
  fc.record({ type: fc.constant('kill' as const), worker: fc.nat(WORKERS - 1) }),
  fc.record({ type: fc.constant('freeze' as const), worker: fc.nat(WORKERS - 1), forMs: durationMs }),
  fc.record({ type: fc.constantFrom('store refuses' as const, 'store freezes' as const), forMs: durationMs }),
  fc.record({ type: fc.constant('store forgets' as const) }),
  fc.record({ type: fc.constant('media server hangs' as const), forMs: durationMs }),
  fc.record({ type: fc.constantFrom('join' as const, 'leave' as const), room }),
  fc.record({ type: fc.constant('supervisor ends' as const), supervisor: fc.nat(SUPERVISORS - 1) }),
);
const scenario = fc.record({
  /** Which messages of the media server arrive, by turns. */
  webhooks: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  joinsMs: fc.array(fc.integer({ min: 50, max: 3_000 }), { minLength: 1, maxLength: 4 }),
  faults: fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 5_000 }), fault }), { maxLength: 8 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;
type Fault = Scenario['faults'][number]['fault'];

class World {
  readonly clock = new ManualClock();
  readonly faulty = new FaultyStore(this.clock);
  readonly rooms = new SimulatedRooms(this.clock, this.faulty, ROOMS, WORKERS);
  readonly supervisors = Array.from({ length: SUPERVISORS }, () => this.#supervisor());
  /** Ends of faults that have not ended yet. */
  #recover: (() => void)[] = [];
  readonly #forgotAtMs: number[] = [];
  #hasForgotten = false;
  #messages = 0;

  constructor({ webhooks, joinsMs }: Pick<Scenario, 'webhooks' | 'joinsMs'>) {
    this.rooms.joinsMs = joinsMs;
    this.rooms.onChanged = (room) => {
      // Each message goes to one of the programs, or is lost.
      if (webhooks[++this.#messages % webhooks.length]) this.supervisors[this.#messages % SUPERVISORS].participantJoined(room);
    };
    for (const room of ROOMS) {
      this.rooms.join(room);
      this.rooms.dispatch(room);
    }
  }

  #supervisor(): RoomSupervisor {
    const supervisor = new RoomSupervisor({
      store: this.faulty.store,
      rooms: this.rooms.supervised,
      logger: SILENT_LOGGER,
      clock: this.clock,
    });
    supervisor.start();
    return supervisor;
  }

  begin(fault: Fault): void {
    switch (fault.type) {
      case 'kill':
        // The last worker is never killed: then nobody could come.
        if (this.rooms.workers.filter(({ isAlive }) => isAlive).length > 1) this.rooms.kill(this.rooms.workers[fault.worker]);
        return;
      case 'freeze': {
        const worker = this.rooms.workers[fault.worker];
        this.rooms.freeze(worker);
        return this.#endAfter(fault.forMs, () => worker.thaw());
      }
      case 'store refuses':
        this.faulty.refuse();
        return this.#endAfter(fault.forMs, this.#storeRecovers);
      case 'store freezes':
        this.faulty.freeze();
        return this.#endAfter(fault.forMs, this.#storeRecovers);
      case 'store forgets':
        this.#forgotAtMs.push(this.clock.now());
        this.#hasForgotten = true;
        this.#forgive();
        return this.faulty.forgetAll();
      case 'media server hangs':
        return this.#endAfter(fault.forMs, this.rooms.hang());
      case 'join':
        return this.rooms.join(fault.room);
      case 'leave':
        return this.rooms.leave(fault.room);
      case 'supervisor ends':
        void this.supervisors[fault.supervisor].stop();
        this.supervisors[fault.supervisor] = this.#supervisor();
    }
  }

  #storeRecovers = (): void => {
    this.faulty.recover();
    this.#forgive();
  };

  /** What was forgotten while programs could not reach the store has consequences only afterwards. */
  #forgive(): void {
    if (!this.#hasForgotten) return;
    this.rooms.forgivenUntilMs = this.clock.now() + FORGIVEN_MS;
    this.#hasForgotten = this.faulty.isAway;
  }

  #endAfter(forMs: number, end: () => void): void {
    this.#recover.push(end);
    this.clock.schedule(forMs, end);
  }

  endAllFaults(): void {
    for (const end of this.#recover) end();
  }

  /** Rooms that supervisors sent two assistants to for one loss. What the store has forgotten may be done again. */
  twiceDispatched(): string[] {
    return ROOMS.filter((room) => {
      const times = this.rooms.dispatches.get(room) ?? [];
      return times.some((atMs, i) => {
        const isTooSoon = i > 0 && atMs - times[i - 1] < LEAST_BETWEEN_DISPATCHES_MS;
        return isTooSoon && !this.#forgotAtMs.some((forgotAtMs) => forgotAtMs >= times[i - 1] && forgotAtMs <= atMs);
      });
    });
  }

  async end(): Promise<void> {
    const stopped = Promise.all(this.supervisors.map((supervisor) => supervisor.stop()));
    await this.clock.advance(2_000);
    await stopped;
  }
}

describe('supervisors among faults of workers, store, media server and themselves', () => {
  it('give each room with people one assistant in the end, never two, and never take one away that attends its room', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ webhooks, joinsMs, faults }) => {
        const world = new World({ webhooks, joinsMs });
        await world.clock.advance(3_000);
        for (const { afterMs, fault } of faults) {
          await world.clock.advance(afterMs);
          world.begin(fault);
        }
        world.endAllFaults();
        await world.clock.advance(CALM_MS);
        const voices = ROOMS.map((room) => world.rooms.audible(room).length);
        await world.end();
        expect(world.rooms.violations).toEqual([]);
        expect(world.twiceDispatched()).toEqual([]);
        expect(voices).toEqual(ROOMS.map((room) => Math.min(1, world.rooms.people.get(room) ?? 0)));
      }),
      // Shrinking would take minutes; the seed that is printed repeats the run.
      { numRuns: 30, endOnFailure: true },
    );
  });
});
