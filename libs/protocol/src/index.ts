export * from './lib/constants';
export * from './lib/client-messages';
export * from './lib/server-messages';
export * from './lib/public-config';
export * from './lib/speech-frame';
export * from './lib/input-audio';
export * from './lib/parse-client-message';
