export * from './store/room-store';
