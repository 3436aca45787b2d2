import type { AudioFiles } from '../audio-files';
import type { EpisodeStore, Segment } from '../storage';
import type { EpisodeWatcher } from './episode-watcher';
import { episodeFrameGrid } from './episode-parts';
import { readSegmentSound, segmentPcm } from './segment-audio';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

/** The rendering ended before the audio was complete. */
export class EpisodeNotRendered extends Error {
  override readonly name = 'EpisodeNotRendered';
}

const SILENCE_SAMPLES = EPISODE_SAMPLE_RATE_HZ / 2;

/**
 * The audio of an episode from its beginning, as it is made: its segments in their order, without gaps, with their pauses. Mono PCM with
 * `EPISODE_SAMPLE_RATE_HZ`. Ends early without an error when `signal` aborts.
 *
 * @throws EpisodeNotRendered if the rendering is cancelled or fails, or the episode is deleted.
 */
export async function* liveAudio(
  { store, files, watcher }: { store: EpisodeStore; files: AudioFiles; watcher: EpisodeWatcher },
  episodeId: string,
  signal: AbortSignal,
): AsyncGenerator<Int16Array, void> {
  const grid = episodeFrameGrid();
  let samples = 0;
  let next = 0;
  for await (const { episode } of watcher.changes(episodeId, 0, signal)) {
    for (; next < episode.progress.total; next++) {
      const [segment] = await store.segments(episodeId, { from: next, limit: 1 });
      if (segment?.status !== 'done') break;
      if (next > 0) yield* silence(grid.pauseBehind(samples, segment.pauseBeforeMs).samples);
      samples = yield* audioOf(files, segment, signal);
      if (signal.aborted) return;
    }
    if (next >= episode.progress.total) return;
    if (episode.status === 'failed' || episode.status === 'cancelled')
      throw new EpisodeNotRendered(episode.error ?? 'The rendering was cancelled.');
  }
  if (!signal.aborted) throw new EpisodeNotRendered('The episode was deleted.');
}

/** Returns the number of samples. */
async function* audioOf(files: AudioFiles, { episodeId, id }: Segment, signal: AbortSignal): AsyncGenerator<Int16Array, number> {
  const sound = await readSegmentSound(files, episodeId, id);
  if (!sound) throw new EpisodeNotRendered('The audio of a segment is missing.');
  const { samples } = sound.measurement;
  for await (const pcm of segmentPcm(files, episodeId, id, samples)) {
    if (signal.aborted) break;
    yield pcm;
  }
  return samples;
}

function* silence(samples: number): Generator<Int16Array> {
  for (let left = samples; left > 0; left -= SILENCE_SAMPLES) yield new Int16Array(Math.min(left, SILENCE_SAMPLES));
}
