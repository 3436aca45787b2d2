import type { NarrationNotice } from '@parley/providers';
import type { AudioFiles } from '../audio-files';
import type { EpisodeStore } from '../storage';
import type { SegmentQueue } from '../work';
import type { HeldClaims } from './held-claims';
import type { PartEncoder } from './part-encoder';

/** What happened, for logs and metrics. */
export type RenderingEvent =
  | { type: 'segment_done'; episodeId: string; cached: boolean; billedCharacters: number; durationMs: number }
  | { type: 'segment_failed'; episodeId: string; error: unknown; willRetry: boolean }
  | { type: 'episode_done'; episodeId: string; durationMs: number }
  | { type: 'episode_failed'; episodeId: string; error: unknown }
  | { type: 'notice'; notice: NarrationNotice }
  /** Something outside of an episode's work went wrong, such as the database. */
  | { type: 'error'; error: unknown };

/** What the parts of the rendering share. */
export interface RenderingContext {
  readonly store: EpisodeStore;
  readonly files: AudioFiles;
  readonly queue: SegmentQueue;
  readonly claims: HeldClaims;
  readonly encoder: PartEncoder;
  /** Name of this server: different for each that shares the store. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly emit: (event: RenderingEvent) => void;
}

/** Removes files that were being written while their episode was deleted. */
export async function removeIfDeleted({ store, files }: Pick<RenderingContext, 'store' | 'files'>, episodeId: string): Promise<void> {
  if (!(await store.changes(episodeId, Number.MAX_SAFE_INTEGER))) await files.deleteEpisode(episodeId);
}
