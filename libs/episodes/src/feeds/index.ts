export { CHAPTERS_TYPE, chaptersJson, type ChaptersOptions } from './chapters-json';
export * from './show';
export { showFeed, type ShowFeedOptions } from './show-feed';
