import { RedisServer } from '@parley/testing/servers';
import { Redis } from 'ioredis';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RedisRoomStore } from './redis-room-store';
import { DAY_MS, type RoomStoreTimes } from './room-store';
import { LONG, leaseFor, polled } from './testing/room-store.contract';

/** Far above the second that a command has, far below a command that waits for Redis. */
const SOON_MS = 10_000;
const memory = { messages: [], earlier: [], turn: 1 };

describe('the store of rooms in Redis', () => {
  const a = leaseFor('r', 'A');
  const b = leaseFor('r', 'B');
  let server: RedisServer;
  let opened: RedisRoomStore[];
  let direct: Redis;
  beforeEach(async () => {
    server = await RedisServer.start();
    direct = new Redis(server.url);
    direct.on('error', () => undefined);
    opened = [];
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    direct.disconnect();
    await server.stop();
  });

  async function open(times: Partial<RoomStoreTimes> = LONG): Promise<RedisRoomStore> {
    const store = await RedisRoomStore.open({ url: server.url, times });
    opened.push(store);
    return store;
  }

  /** The milliseconds after which each call of the store has been rejected. */
  async function rejections(store: RedisRoomStore): Promise<readonly number[]> {
    const startedMs = performance.now();
    const calls = [
      store.acquireLease(a),
      store.renewLease(a),
      store.releaseLease(a),
      store.abandonLease(a),
      store.leaseOf('r'),
      store.leases(),
      store.isAttended('r'),
      store.lostRooms(),
      store.claimDispatch('r', { type: 'none' }),
      store.saveMemory(a, memory),
      store.loadMemory('r'),
      store.ban('r', 'x', Date.now() + 1_000),
      store.isBanned('r', 'x'),
      store.claimWebhook('EV'),
      store.forgetRoom('r'),
    ];
    return await Promise.all(
      calls.map((call) =>
        call.then(
          () => Promise.reject(new Error('answered')),
          () => performance.now() - startedMs,
        ),
      ),
    );
  }

  const isBack = (store: RedisRoomStore) =>
    polled(() =>
      store.isAttended('elsewhere').then(
        () => true,
        () => undefined,
      ),
    );

  it('leaves nothing behind that does not expire', async () => {
    const store = await open();
    const other = leaseFor('other', 'C');
    const left = leaseFor('left', 'D');
    for (const lease of [a, other, left]) {
      await store.acquireLease(lease);
      await store.renewLease(lease);
      await store.saveMemory(lease, memory);
    }
    await store.abandonLease(a);
    await store.claimDispatch('r', { type: 'silent', lease: a });
    await store.claimDispatch('new', { type: 'none' });
    await store.releaseLease(left);
    await store.ban('r', 'x', Date.now() + 60_000);
    await store.claimWebhook('EV');
    const keys = await direct.keys('*');
    expect(keys.sort()).toEqual([
      'parley:rooms:ban:["r","x"]',
      'parley:rooms:due:',
      'parley:rooms:memory:other',
      'parley:rooms:memory:r',
      'parley:rooms:replaced:A',
      'parley:rooms:room:left',
      'parley:rooms:room:new',
      'parley:rooms:room:other',
      'parley:rooms:room:r',
      'parley:rooms:webhook:EV',
    ]);
    const remaining = await Promise.all(keys.map((key) => direct.pttl(key)));
    expect(Math.min(...remaining)).toBeGreaterThan(0);
    expect(Math.max(...remaining)).toBeLessThanOrEqual(DAY_MS);
  });

  it('forgets a room of which only the name is left among those that somebody must look at', async () => {
    const store = await open();
    await store.acquireLease(a);
    await store.abandonLease(a);
    await direct.del('parley:rooms:room:r');
    expect(await store.lostRooms()).toEqual([]);
    expect(await direct.exists('parley:rooms:due:')).toBe(0);
  });

  it('rejects at once while Redis is away, and recovers by itself', async () => {
    const store = await open();
    await store.acquireLease(a);
    await server.pause();
    expect(Math.max(...(await rejections(store)))).toBeLessThan(SOON_MS);
    await server.resume();
    await isBack(store);
  });

  it('gives the room back to its worker when Redis was restarted empty, and to nobody else then', async () => {
    const store = await open();
    await store.acquireLease(a);
    await server.pause();
    await server.resume();
    await isBack(store);
    expect(await store.renewLease(a)).toBe(false);
    expect(await store.acquireLease(a)).toBe(true);
    expect(await store.acquireLease(b)).toBe(false);
    expect(await store.saveMemory(a, memory)).toBe(true);
  });

  it('rejects soon when Redis does not answer any more, and recovers by itself with the leases that are still there', async () => {
    const store = await open();
    await store.acquireLease(a);
    await direct.client('PAUSE', SOON_MS * 3, 'ALL');
    expect(Math.max(...(await rejections(store)))).toBeLessThan(SOON_MS);
    // What was sent during the pause ends with its connection. The pause itself ends only with its time, so this is another server.
    await server.pause();
    await server.resume();
    await isBack(store);
    expect(await store.acquireLease(a)).toBe(true);
  });

  it('makes another connection when the one it has is dead', async () => {
    const store = await open();
    await store.acquireLease(a);
    const id = async () => (await direct.client('LIST')) as string;
    const before = await id();
    await direct.client('PAUSE', 2_500, 'ALL');
    await rejections(store);
    await isBack(store);
    const addresses = (list: string) => [...list.matchAll(/^id=(\d+)/gm)].map(([, found]) => found);
    const kept = addresses(await id()).filter((found) => addresses(before).includes(found));
    // The connection of this test is one of the two that there were.
    expect(kept).toHaveLength(1);
  });

  it('can be closed while Redis is away, and stays closed', async () => {
    const store = await open();
    await server.pause();
    await setTimeout(100);
    await store.close();
    await expect(store.lostRooms()).rejects.toThrow();
    await server.resume();
    await expect(store.lostRooms()).rejects.toThrow();
  });

  it('cannot be opened where no Redis answers', async () => {
    await expect(RedisRoomStore.open({ url: join(tmpdir(), 'parley-no-redis', 'socket') })).rejects.toThrow();
  });
});
