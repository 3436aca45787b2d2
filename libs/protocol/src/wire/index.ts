export * from './constants';
export * from './client-messages';
export * from './server-messages';
export * from './public-config';
export * from './speech-frame';
export * from './parse-server-message';
export * from './input-audio';
export * from './narration';
