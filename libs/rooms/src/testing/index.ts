/** For tests and benches: a real LiveKit server, and people in its rooms. */
export { dispose as endTestPeople } from '@livekit/rtc-node';
export * from './heard-voice';
export * from './room-inbox';
export * from './room-token';
export * from './server';
export * from './test-person';
export * from './until';
