import { ManualClock } from '@parley/testing';
import { MemoryRoomStore } from './memory-room-store';
import { CLAIM_MS, KEEP_MS, LEASE_MS, RENEW_MS, STABLE_MS } from './room-store';
import { leaseFor } from './testing/room-store.contract';

describe('the times of the store of rooms', () => {
  const lease = leaseFor('r', 'A');
  const reason = { type: 'silent', lease } as const;
  let clock: ManualClock;
  let store: MemoryRoomStore;
  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryRoomStore({ now: () => clock.now() });
  });

  it('take an assistant as lost 1.5 s after its last renewal', async () => {
    await store.acquireLease(lease);
    await clock.advance(RENEW_MS);
    await store.renewLease(lease);
    await clock.advance(LEASE_MS - 1);
    expect(await store.lostRooms()).toEqual([]);
    expect(await store.isAttended('r')).toBe(true);
    await clock.advance(1);
    expect(await store.lostRooms()).toEqual([{ room: 'r', lease }]);
    expect(await store.isAttended('r')).toBe(false);
  });

  it('make each claim good for twice as long as the one before, but for 30 s at most', async () => {
    await store.acquireLease(lease);
    await clock.advance(LEASE_MS);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      expect(await store.claimDispatch('r', reason)).toEqual({ isGranted: true, attempt });
      const claimedAtMs = clock.now();
      while ((await store.lostRooms()).length === 0) await clock.advance(500);
      waits.push(clock.now() - claimedAtMs);
    }
    expect(waits).toEqual([CLAIM_MS, 6_000, 12_000, 24_000, 30_000, 30_000]);
  });

  it('count attempts on until an assistant has stayed for 30 s', async () => {
    const attemptAfter = async (lease: ReturnType<typeof leaseFor>, stayedMs: number) => {
      await store.acquireLease(lease);
      await clock.advance(stayedMs);
      await store.renewLease(lease);
      await store.abandonLease(lease);
      await clock.advance(CLAIM_MS * 2);
      return await store.claimDispatch('r', { type: 'silent', lease });
    };
    expect(await attemptAfter(lease, STABLE_MS - 1)).toEqual({ isGranted: true, attempt: 1 });
    expect(await attemptAfter(leaseFor('r', 'B'), STABLE_MS - 1)).toEqual({ isGranted: true, attempt: 2 });
    expect(await attemptAfter(leaseFor('r', 'C'), STABLE_MS)).toEqual({ isGranted: true, attempt: 1 });
  });

  it('forget a room that nobody has ended', async () => {
    await store.acquireLease(lease);
    await store.saveMemory(lease, { messages: [], earlier: [], turn: 1 });
    await clock.advance(KEEP_MS);
    expect(await store.lostRooms()).toEqual([]);
    expect(await store.loadMemory('r')).toBeUndefined();
  });
});
