import type { Segment } from '../storage';
import { episodeFrameGrid } from './episode-parts';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

/** Where each segment begins in the episode, in milliseconds, as far as all before it are done; the same in all files and in what is heard live. */
export function segmentStarts(segments: readonly Pick<Segment, 'durationMs' | 'pauseBeforeMs'>[]): (number | undefined)[] {
  const grid = episodeFrameGrid();
  let at: number | undefined = 0;
  return segments.map(({ durationMs }, index) => {
    if (at === undefined || durationMs === undefined) return (at = undefined);
    const start = at;
    const samples = Math.round((durationMs * EPISODE_SAMPLE_RATE_HZ) / 1_000);
    at += samples + grid.pauseBehind(samples, segments[index + 1]?.pauseBeforeMs ?? 0).samples;
    return (start * 1_000) / EPISODE_SAMPLE_RATE_HZ;
  });
}
