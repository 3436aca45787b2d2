import { type AudioFiles } from '../audio-files';
import { mp3FrameSamples } from '../files';
import { type EpisodeSegment, FrameGrid } from '../sound';
import type { Segment } from '../storage';
import { readSegmentSound, segmentPcm } from './segment-audio';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

/** Segments behind one another that are encoded together, because the pauses between them are too short; mostly one. */
export interface EpisodePart {
  readonly episodeId: string;
  /** Of the first segment. */
  readonly segmentId: string;
  /** The last one with the pause behind it, if the episode goes on. */
  readonly segments: readonly EpisodeSegment[];
}

/** The audio of a segment is not there, or belongs to what it said before. */
export class MissingSegmentSound extends Error {
  override readonly name = 'MissingSegmentSound';

  constructor(readonly segment: Segment) {
    super(`the audio of segment ${segment.index + 1} is missing`);
  }
}

export const episodeFrameGrid = (): FrameGrid => new FrameGrid(EPISODE_SAMPLE_RATE_HZ, mp3FrameSamples(EPISODE_SAMPLE_RATE_HZ));

/**
 * The parts of an episode, of which all segments are done, or of a stretch of it that begins a part. `next` is the segment behind it.
 *
 * @throws MissingSegmentSound
 */
export async function partsOf(files: AudioFiles, segments: readonly Segment[], next?: Segment): Promise<EpisodePart[]> {
  const parts: EpisodePart[] = [];
  const grid = episodeFrameGrid();
  let part: EpisodeSegment[] = [];
  for (const [i, segment] of segments.entries()) {
    const { episodeId, id } = segment;
    const sound = await readSegmentSound(files, episodeId, id);
    if (!sound || sound.key !== segment.cacheKey) throw new MissingSegmentSound(segment);
    const { measurement } = sound;
    const following = segments[i + 1] ?? next;
    const pause = grid.pauseBehind(measurement.samples, following?.pauseBeforeMs ?? 0);
    if (part.length === 0) parts.push({ episodeId, segmentId: id, segments: part });
    part.push({
      measurement,
      pauseAfterMs: (pause.samples * 1000) / EPISODE_SAMPLE_RATE_HZ,
      read: () => segmentPcm(files, episodeId, id, measurement.samples),
    });
    if (pause.endsPart) part = [];
  }
  return parts;
}
