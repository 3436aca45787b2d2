export { MemoryRoomStore, type MemoryRoomStoreOptions } from './memory-room-store';
export { RedisRoomStore, type RedisRoomStoreOptions } from './redis-room-store';
export * from './room-store';
