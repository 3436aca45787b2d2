/** The LiveKit server alone, without the native client of the test people. */
export * from './livekit-config';
export * from './livekit-server';
export * from './server-program';
