/** Fakes of the browser, and messages of the server, for tests. */
export * from './browser-fakes';
export * from './fake-audio';
export * from './fake-event-source';
export * from './fake-media-devices';
export * from './fake-message-port';
export * from './fake-resize-observer';
export * from './fake-room-link';
export * from './fake-speech';
export * from './fake-web-socket';
export * from './server-script';
export * from './worklet-urls';
