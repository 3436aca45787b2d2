export * from './client-message-dtos';
export * from './parse-client-message';
export { type Parsed } from './message-shapes';
export * from './narration/narration-message-dtos';
export * from './narration/parse-narration-message';
export { MAX_SPEAKERS } from './narration/episode-speakers';
export * from './narration/parse-episode-body';
