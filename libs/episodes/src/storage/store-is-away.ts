import { EpisodeStoreError } from './episode-store';

/** Whether the error says that the database does not answer, and may do so later. */
export const isStoreAway = (error: unknown): boolean => error instanceof EpisodeStoreError && error.code === 'unavailable';
