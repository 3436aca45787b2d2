import { chaptersJson } from '../feeds';
import { writeFileAtomically } from '../files';
import { EpisodeAssembler, type SegmentPlace } from '../sound';
import type { Episode, EpisodeChapter, EpisodeOutput, EpisodeStore, Show } from '../storage';
import type { AudioFiles } from '../audio-files';
import { captionFiles } from './caption-files';
import { partsOf } from './episode-parts';
import { soundOf, writeJoinedMp3, writeJoinedWav } from './joined-files';
import { type EncodedPart, type PartEncoder } from './part-encoder';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

export interface AssembledEpisode {
  output: EpisodeOutput;
  chapters: readonly EpisodeChapter[];
}

export interface EpisodeWriter {
  readonly store: EpisodeStore;
  readonly files: AudioFiles;
  readonly encoder: PartEncoder;
}

/**
 * Puts the segments of an episode together, and writes all of its files. Each gets its name when it is whole.
 *
 * @throws MissingSegmentSound
 */
export async function writeEpisodeFiles(
  { store, files, encoder }: EpisodeWriter,
  episode: Episode,
  signal: AbortSignal,
): Promise<AssembledEpisode> {
  const segments = await store.segments(episode.id);
  const parts = await partsOf(files, segments);
  const whole = new EpisodeAssembler(
    parts.flatMap((part) => part.segments),
    { sampleRateHz: EPISODE_SAMPLE_RATE_HZ },
  );
  const { durationMs } = whole;
  const places = whole.places();
  const gainDb = await whole.findGain(signal);
  const encoded: EncodedPart[] = [];
  for (const part of parts) {
    signal.throwIfAborted();
    encoded.push(await encoder.encode(part, gainDb, signal));
  }
  const chapters = episode.chapters.map((chapter) => ({ ...chapter, startMs: places[chapter.segment]?.startMs ?? durationMs }));
  const show = episode.showId === undefined ? undefined : await store.show(episode.showId);
  const path = (type: 'wav' | 'mp3' | 'vtt' | 'srt' | 'chapters'): Promise<string> => files.pathForWriting(episode.id, { type });
  const tag = { title: episode.title, durationMs, chapters, publishedAt: new Date(episode.createdAtMs), ...tagOfShow(show) };
  const bytesMp3 = await writeJoinedMp3(await path('mp3'), encoder, encoded, tag, signal);
  const bytesWav = await writeJoinedWav(await path('wav'), encoded, whole.samples, signal);
  const { vtt, srt } = await captionFiles(store, segments, places);
  await writeFileAtomically(await path('vtt'), vtt);
  await writeFileAtomically(await path('srt'), srt);
  const named = { ...(show && { podcastName: show.title, author: show.author }) };
  await writeFileAtomically(await path('chapters'), chaptersJson({ title: episode.title, chapters, durationMs, ...named }));
  return { output: { durationMs, ...soundOf(encoded), bytesWav, bytesMp3 }, chapters };
}

const tagOfShow = (show: Show | undefined): { artist?: string; album?: string } => (show ? { artist: show.author, album: show.title } : {});

export type { SegmentPlace };
