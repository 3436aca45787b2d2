export * from './room-api';
export * from './room-messages';
