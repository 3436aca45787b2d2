import { RedisServer } from '@parley/testing/servers';
import { MemoryRoomStore } from './memory-room-store';
import { RedisRoomStore } from './redis-room-store';
import type { RoomStore, RoomStoreTimes } from './room-store';
import { describeRoomStoreContract } from './testing/room-store.contract';

describeRoomStoreContract('in memory', async () => {
  let store: MemoryRoomStore | undefined;
  return { open: async (times) => (store ??= new MemoryRoomStore({ times })), close: async () => undefined };
});

describe('with a Redis server', () => {
  let server: RedisServer;
  let tests = 0;
  beforeAll(async () => void (server = await RedisServer.start()));
  afterAll(() => server.stop());

  describeRoomStoreContract('Redis', async () => {
    const prefix = `test${++tests}`;
    const opened: RoomStore[] = [];
    const open = async (times: RoomStoreTimes) => {
      const store = await RedisRoomStore.open({ url: server.url, prefix, times });
      opened.push(store);
      return store;
    };
    return { open, close: async () => void (await Promise.all(opened.map((store) => store.close()))) };
  });
});
