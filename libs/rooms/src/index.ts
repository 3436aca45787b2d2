export * from './control';
export * from './store/room-store';
