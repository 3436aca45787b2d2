import { makeCues, timedWords, toSrt, toWebVtt } from '@parley/narration';
import { type SegmentPlace } from '../sound';
import type { EpisodeStore, Segment } from '../storage';

/**
 * The captions of an episode as SRT, and as WebVTT with the times of words. Segments whose vendor gave no alignment are timed evenly over their
 * audio; their words have no times.
 */
export async function captionFiles(
  store: Pick<EpisodeStore, 'alignment'>,
  segments: readonly Segment[],
  places: readonly SegmentPlace[],
): Promise<{ vtt: string; srt: string }> {
  const parts = [];
  for (const [i, { id, text, speaker }] of segments.entries()) {
    const { startMs, durationMs } = places[i];
    const alignment = await store.alignment(id);
    const words = timedWords(text, alignment ?? evenTimes(text, durationMs), startMs);
    parts.push({ words, isAligned: alignment !== undefined, ...(speaker !== undefined && { speaker }) });
  }
  const cues = makeCues(parts);
  return { vtt: toWebVtt(cues), srt: toSrt(cues) };
}

function evenTimes(text: string, durationMs: number) {
  const chars = [...text];
  const each = durationMs / chars.length;
  return { chars, startMs: chars.map((_, i) => i * each), durationMs: chars.map(() => each) };
}
