export * from './lifecycle-settings';
export { type RoomSettings } from './room-settings';
export * from './runtime-paths';
export * from './runtime-paths.module';
export * from './secrets';
export * from './settings';
export * from './settings.module';
export * from './start-failure';
