/** For tests and benches: a real LiveKit server, people in its rooms, and the built programs. */
export { dispose as endTestPeople } from '@livekit/rtc-node';
export * from './assistant-heard';
export * from './heard-voice';
export * from './programs/node-proxy';
export * from './programs/room-worker-process';
export * from './programs/rooms-under-test';
export * from './room-inbox';
export * from './room-token';
export * from './server';
export * from './test-person';
export * from './until';
