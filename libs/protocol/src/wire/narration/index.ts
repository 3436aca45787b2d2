export * from './episode-api';
export * from './narration-client-messages';
export * from './narration-server-messages';
