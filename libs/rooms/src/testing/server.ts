/** The LiveKit server alone, without the native client of the test people. */
export * from './free-ports';
export * from './livekit-config';
export * from './livekit-server';
export * from './server-program';
