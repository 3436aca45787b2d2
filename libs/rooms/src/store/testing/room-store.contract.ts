import { setTimeout } from 'node:timers/promises';
import type { LostRoom, RoomLease, RoomStore, RoomStoreTimes } from '../room-store';
import { MAX_ATTEMPTS } from '../room-store';

export interface RoomStoreHarness {
  /** As another program of the same deployment would. */
  open(times: RoomStoreTimes): Promise<RoomStore>;
  close(): Promise<void>;
}

/** Nothing ends within a test, however busy the machine is. */
export const LONG: RoomStoreTimes = { leaseMs: 600_000, claimMs: 600_000, stableMs: 600_000 };
export const SHORT_LEASES: RoomStoreTimes = { ...LONG, leaseMs: 20 };
export const SHORT_CLAIMS: RoomStoreTimes = { ...SHORT_LEASES, claimMs: 20 };

export const ODD_NAMES = [
  'a:b',
  'a:b:c',
  '{tag}',
  '*',
  'über 房间 🙂',
  'line\nbreak',
  'nul\0',
  '"quotes" \\ {"json":1}',
  '__proto__',
  'x'.repeat(2_000),
];

export const leaseFor = (room: string, jobId: string): RoomLease => ({ room, jobId, identity: `agent-${jobId}`, workerId: 'w1' });

/** The first answer that is not undefined. The test's own time limit bounds it. */
export async function polled<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await setTimeout(5);
  }
}

export const lost = (store: RoomStore, room = 'r'): Promise<LostRoom> =>
  polled(async () => (await store.lostRooms()).find((found) => found.room === room));

/** What any store of rooms does. */
export function describeRoomStoreContract(name: string, start: () => Promise<RoomStoreHarness>): void {
  describe(`the store of rooms (${name})`, () => {
    const a = leaseFor('r', 'A');
    const b = leaseFor('r', 'B');
    const memory = { messages: [{ role: 'user' as const, content: 'hello' }], earlier: ['a note'], turn: 3 };
    let harness: RoomStoreHarness;
    beforeEach(async () => void (harness = await start()));
    afterEach(() => harness.close());
    const open = (times = LONG) => harness.open(times);

    describe('leases', () => {
      it('gives a room to one of many that ask at once', async () => {
        const stores = await Promise.all([open(), open()]);
        const jobs = Array.from({ length: 20 }, (_, i) => leaseFor('r', `J${i}`));
        const taken = await Promise.all(jobs.map((job, i) => stores[i % 2].acquireLease(job)));
        expect(taken.filter(Boolean)).toHaveLength(1);
        expect(await stores[0].leaseOf('r')).toEqual(jobs[taken.indexOf(true)]);
      });

      it('gives a room to the same job again', async () => {
        const store = await open();
        expect(await store.acquireLease(a)).toBe(true);
        expect(await store.acquireLease(a)).toBe(true);
        expect(await store.acquireLease(b)).toBe(false);
        expect(await store.renewLease(b)).toBe(false);
      });

      it('gives a room to another job when the lease has ended', async () => {
        const store = await open(SHORT_LEASES);
        await store.acquireLease(a);
        expect(await polled(async () => (await store.acquireLease(b)) || undefined)).toBe(true);
        expect(await store.renewLease(a)).toBe(false);
      });

      it('lets a worker that was frozen go on if nobody has noticed', async () => {
        const store = await open(SHORT_LEASES);
        await store.acquireLease(a);
        await lost(store);
        expect(await store.renewLease(a)).toBe(true);
      });

      it('does not know a lease that nobody has taken, and gives it to who asks for it', async () => {
        const store = await open();
        expect(await store.renewLease(a)).toBe(false);
        expect(await store.acquireLease(a)).toBe(true);
      });

      it('says who attends which room', async () => {
        const store = await open();
        expect(await store.isAttended('r')).toBe(false);
        expect(await store.leaseOf('r')).toBeUndefined();
        const other = leaseFor('other', 'C');
        await Promise.all([store.acquireLease(a), store.acquireLease(other)]);
        expect(await store.isAttended('r')).toBe(true);
        expect(await store.leaseOf('r')).toEqual(a);
        expect(await store.leases()).toEqual(expect.arrayContaining([a, other]));
        await store.releaseLease(a);
        expect(await store.leases()).toEqual([other]);
      });

      it('does not call a room attended whose lease has ended', async () => {
        const store = await open(SHORT_LEASES);
        await store.acquireLease(a);
        await lost(store);
        expect(await store.isAttended('r')).toBe(false);
        expect(await store.leases()).toEqual([]);
      });

      it('does not let anybody release or give up the lease of another job', async () => {
        const store = await open();
        await store.acquireLease(a);
        await store.releaseLease(b);
        await store.abandonLease(b);
        expect(await store.leaseOf('r')).toEqual(a);
      });
    });

    describe('lost rooms', () => {
      it('are those whose leases have ended, but not those that were released', async () => {
        const store = await open(SHORT_LEASES);
        const released = leaseFor('released', 'B');
        await Promise.all([store.acquireLease(a), store.acquireLease(released)]);
        await store.releaseLease(released);
        expect(await lost(store)).toEqual({ room: 'r', lease: a });
        expect(await store.lostRooms()).toEqual([{ room: 'r', lease: a }]);
      });

      it('are there at once when a worker gives up, and never go back to it', async () => {
        const store = await open();
        await store.acquireLease(a);
        await store.saveMemory(a, memory);
        await store.abandonLease(a);
        expect(await store.lostRooms()).toEqual([{ room: 'r', lease: a }]);
        expect(await store.renewLease(a)).toBe(false);
        expect(await store.acquireLease(a)).toBe(false);
        expect(await store.acquireLease(b)).toBe(true);
        expect(await store.loadMemory('r')).toEqual(memory);
      });

      it('are not there any more when another assistant has come', async () => {
        const store = await open();
        await store.acquireLease(a);
        await store.abandonLease(a);
        await store.acquireLease(b);
        expect(await store.lostRooms()).toEqual([]);
      });
    });

    describe('claims on a dispatch', () => {
      it('are granted to one of many that ask at once, and the room is not among the lost ones meanwhile', async () => {
        const stores = await Promise.all([open(SHORT_LEASES), open(SHORT_LEASES)]);
        await stores[0].acquireLease(a);
        const { room, lease } = await lost(stores[0]);
        const asked = Array.from({ length: 10 }, (_, i) => stores[i % 2].claimDispatch(room, { type: 'silent', lease }));
        const answers = await Promise.all(asked);
        expect(answers.filter(({ isGranted }) => isGranted)).toEqual([{ isGranted: true, attempt: 1 }]);
        expect(answers).toContainEqual({ isGranted: false, because: 'taken' });
        expect(await stores[1].lostRooms()).toEqual([]);
      });

      it('never let the lost assistant have the room again, also when its replacement does not come or is lost as well', async () => {
        const store = await open(SHORT_LEASES);
        await store.acquireLease(a);
        await lost(store);
        await store.claimDispatch('r', { type: 'silent', lease: a });
        expect(await store.renewLease(a)).toBe(false);
        expect(await store.acquireLease(a)).toBe(false);
        expect(await store.saveMemory(a, memory)).toBe(false);
        expect(await store.acquireLease(b)).toBe(true);
        await polled(async () => ((await store.isAttended('r')) ? undefined : true));
        expect(await store.acquireLease(a)).toBe(false);
      });

      it('are granted to another one, as a further attempt, when whoever had the claim has died', async () => {
        const store = await open(SHORT_CLAIMS);
        await store.acquireLease(a);
        await lost(store);
        expect(await store.claimDispatch('r', { type: 'silent', lease: a })).toEqual({ isGranted: true, attempt: 1 });
        await lost(store);
        expect(await store.claimDispatch('r', { type: 'silent', lease: a })).toEqual({ isGranted: true, attempt: 2 });
      });

      it('are refused if the assistant has come back, if another one has come, or if it left on purpose', async () => {
        const store = await open();
        const attended = { isGranted: false, because: 'attended' };
        await store.acquireLease(a);
        expect(await store.claimDispatch('r', { type: 'silent', lease: a })).toEqual(attended);
        expect(await store.claimDispatch('r', { type: 'silent', lease: b })).toEqual(attended);
        expect(await store.claimDispatch('r', { type: 'absent', lease: b })).toEqual(attended);
        expect(await store.claimDispatch('r', { type: 'none' })).toEqual(attended);
        await store.releaseLease(a);
        expect(await store.claimDispatch('r', { type: 'none' })).toEqual({ isGranted: false, because: 'left' });
      });

      it('are granted for a room that its assistant left when it was empty', async () => {
        const store = await open();
        await store.acquireLease(a);
        await store.saveMemory(a, memory);
        await store.releaseLease(a, { isRoomEmpty: true });
        expect(await store.loadMemory('r')).toBeUndefined();
        expect(await store.lostRooms()).toEqual([]);
        expect(await store.claimDispatch('r', { type: 'none' })).toEqual({ isGranted: true, attempt: 1 });
      });

      it('are granted for a room that never had an assistant, once', async () => {
        const store = await open();
        expect(await store.claimDispatch('r', { type: 'none' })).toEqual({ isGranted: true, attempt: 1 });
        expect(await store.claimDispatch('r', { type: 'none' })).toEqual({ isGranted: false, because: 'taken' });
        expect(await store.acquireLease(a)).toBe(true);
        expect(await store.lostRooms()).toEqual([]);
      });

      it('take the room from an assistant that has a lease but is not there', async () => {
        const store = await open();
        await store.acquireLease(a);
        expect(await store.claimDispatch('r', { type: 'absent', lease: a })).toEqual({ isGranted: true, attempt: 1 });
        expect(await store.isAttended('r')).toBe(false);
        expect(await store.renewLease(a)).toBe(false);
        expect(await store.acquireLease(b)).toBe(true);
      });

      it('are not granted without end, also if each assistant comes and is lost at once', async () => {
        const store = await open({ ...LONG, claimMs: 0 });
        for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
          const lease = leaseFor('r', `J${attempt}`);
          expect(await store.acquireLease(lease)).toBe(true);
          await store.abandonLease(lease);
          const claim = await polled(async () => {
            const answer = await store.claimDispatch('r', { type: 'silent', lease });
            return !answer.isGranted && answer.because === 'taken' ? undefined : answer;
          });
          expect(claim).toEqual({ isGranted: true, attempt });
        }
        const exhausted = { isGranted: false, because: 'exhausted' };
        const reason = { type: 'silent', lease: leaseFor('r', `J${MAX_ATTEMPTS}`) } as const;
        expect(await polled(async () => isNotTaken(await store.claimDispatch('r', reason)))).toEqual(exhausted);
        expect(await store.lostRooms()).toEqual([]);
        expect(await store.acquireLease(leaseFor('r', 'last'))).toBe(true);
      });

      it('are counted from one again after an assistant has stayed', async () => {
        const store = await open({ ...LONG, stableMs: 0 });
        await store.acquireLease(a);
        await store.abandonLease(a);
        await store.claimDispatch('r', { type: 'silent', lease: a });
        await store.acquireLease(b);
        await store.renewLease(b);
        await store.abandonLease(b);
        expect(await store.claimDispatch('r', { type: 'silent', lease: b })).toEqual({ isGranted: true, attempt: 1 });
      });
    });

    describe('memories', () => {
      it('are kept for the assistant that comes next, however long they are', async () => {
        const [store, other] = await Promise.all([open(), open()]);
        const long = {
          ...memory,
          messages: Array.from({ length: 300 }, () => ({ role: 'assistant' as const, content: 'ä🙂'.repeat(300) })),
        };
        await store.acquireLease(a);
        expect(await other.loadMemory('r')).toBeUndefined();
        expect(await store.saveMemory(a, long)).toBe(true);
        expect(await other.loadMemory('r')).toEqual(long);
        expect(JSON.stringify(long).length).toBeGreaterThan(200_000);
      });

      it('are not overwritten by an assistant that does not have the room', async () => {
        const store = await open();
        expect(await store.saveMemory(a, memory)).toBe(false);
        await store.acquireLease(a);
        await store.saveMemory(a, memory);
        expect(await store.saveMemory(b, { ...memory, turn: 9 })).toBe(false);
        expect(await store.loadMemory('r')).toEqual(memory);
      });

      it('are forgotten when the conversation or the room has ended', async () => {
        const store = await open();
        await store.acquireLease(a);
        await store.saveMemory(a, memory);
        await store.releaseLease(a);
        expect(await store.loadMemory('r')).toBeUndefined();
        expect(await store.saveMemory(a, memory)).toBe(false);
        await store.acquireLease(b);
        await store.saveMemory(b, memory);
        await store.forgetRoom('r');
        expect(await store.loadMemory('r')).toBeUndefined();
        expect(await store.isAttended('r')).toBe(false);
      });
    });

    it('keeps a banned identity out of that room until the ban has ended, and never shortens a ban', async () => {
      const store = await open();
      await store.ban('r', 'mallory', Date.now() + 600_000);
      await store.ban('r', 'mallory', Date.now() - 1);
      await store.ban('r', 'mallory', Date.now() + 1);
      await store.forgetRoom('r');
      expect(await store.isBanned('r', 'mallory')).toBe(true);
      expect(await store.isBanned('r', 'alice')).toBe(false);
      expect(await store.isBanned('other', 'mallory')).toBe(false);
      await store.ban('r', 'late', Date.now() + 20);
      await polled(async () => ((await store.isBanned('r', 'late')) ? undefined : true));
    });

    it('lets one of several handle a webhook', async () => {
      const stores = await Promise.all([open(), open()]);
      const claims = await Promise.all(Array.from({ length: 10 }, (_, i) => stores[i % 2].claimWebhook('EV_1')));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await stores[0].claimWebhook('EV_2')).toBe(true);
    });

    it('keeps rooms and identities with odd names apart', async () => {
      const store = await open();
      for (const name of ODD_NAMES) {
        const lease = leaseFor(name, `job of ${name}`);
        expect(await store.isAttended(name)).toBe(false);
        expect(await store.acquireLease(lease)).toBe(true);
        expect(await store.leaseOf(name)).toEqual(lease);
        expect(await store.saveMemory(lease, { ...memory, earlier: [name] })).toBe(true);
        expect(await store.loadMemory(name)).toEqual({ ...memory, earlier: [name] });
      }
      for (const name of ODD_NAMES) await store.abandonLease(leaseFor(name, `job of ${name}`));
      expect((await store.lostRooms()).map(({ room }) => room).sort()).toEqual([...ODD_NAMES].sort());
      await store.ban('a:b', 'c', Date.now() + 600_000);
      expect(await store.isBanned('a', 'b:c')).toBe(false);
    });

    it('refuses everything once it is closed', async () => {
      const store = await harness.open(LONG);
      await store.close();
      await expect(store.acquireLease(a)).rejects.toThrow();
      await expect(store.lostRooms()).rejects.toThrow();
      await expect(store.loadMemory('r')).rejects.toThrow();
    });
  });
}

function isNotTaken<T extends { isGranted: boolean }>(claim: T): T | undefined {
  return 'because' in claim && claim.because === 'taken' ? undefined : claim;
}
