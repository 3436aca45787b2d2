import { makeCues, timedWords, toSrt, toWebVtt } from '@parley/narration';
import { type SegmentPlace } from '../sound';
import type { EpisodeStore, Segment } from '../storage';

/** The captions of an episode as WebVTT and SRT. Segments whose vendor gave no alignment are timed evenly over their audio. */
export async function captionFiles(
  store: Pick<EpisodeStore, 'alignment'>,
  segments: readonly Segment[],
  places: readonly SegmentPlace[],
): Promise<{ vtt: string; srt: string }> {
  const parts = [];
  for (const [i, { id, text, speaker }] of segments.entries()) {
    const { startMs, durationMs } = places[i];
    const times = (await store.alignment(id)) ?? evenTimes(text, durationMs);
    parts.push({ words: timedWords(text, times, startMs), ...(speaker !== undefined && { speaker }) });
  }
  const cues = makeCues(parts);
  return { vtt: toWebVtt(cues), srt: toSrt(cues) };
}

function evenTimes(text: string, durationMs: number) {
  const chars = [...text];
  const each = durationMs / chars.length;
  return { chars, startMs: chars.map((_, i) => i * each), durationMs: chars.map(() => each) };
}
