import { EpisodeAssembler, FrameGrid } from '../sound';
import type { Segment } from '../storage';
import { MissingSegmentSound, partsOf } from './episode-parts';
import type { RenderingContext } from './rendering-context';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

/** The gain of an episode is estimated from a segment and so many before it. */
const SEGMENTS_BEFORE = 8;

/**
 * Encodes a segment that is done, while others are spoken, so that less is left to do when all are. Not one with short pauses around it, whose
 * neighbours may still be missing. Nothing depends on it: what is missing, or needs another gain, is encoded when the episode is put together.
 */
export async function encodeAhead(
  { store, files, encoder, emit }: RenderingContext,
  { episodeId, id, index }: Segment,
  signal: AbortSignal,
): Promise<void> {
  try {
    const from = Math.max(0, index - SEGMENTS_BEFORE);
    const around = await store.segments(episodeId, { from, limit: index - from + 2 });
    const next = around.find((segment) => segment.index === index + 1);
    if (next && !FrameGrid.isDividedBy(next.pauseBeforeMs)) return;
    const known = around.filter((segment) => segment.index <= index && segment.status === 'done');
    const own = known.at(-1);
    if (own?.id !== id || !(index === 0 || FrameGrid.isDividedBy(own.pauseBeforeMs))) return;
    const parts = await partsOf(files, known, next);
    const part = parts.at(-1);
    if (!part || signal.aborted) return;
    const segments = parts.flatMap((each) => each.segments);
    const gainDb = await new EpisodeAssembler(segments, { sampleRateHz: EPISODE_SAMPLE_RATE_HZ }).findGain(signal);
    await encoder.encode(part, gainDb, signal);
  } catch (error) {
    if (!signal.aborted && !(error instanceof MissingSegmentSound)) emit({ type: 'error', error });
  }
}
