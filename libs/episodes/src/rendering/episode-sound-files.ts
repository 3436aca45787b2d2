import { chaptersJson } from '../feeds';
import { Mp3File, WavFile, writeFileAtomically, writeSoundFiles } from '../files';
import { EpisodeAssembler, type EpisodeSegment, type SegmentPlace } from '../sound';
import type { Episode, EpisodeChapter, EpisodeOutput, EpisodeStore, Segment, Show } from '../storage';
import type { AudioFiles } from '../audio-files';
import { captionFiles } from './caption-files';
import { readSegmentSound, segmentPcm } from './segment-audio';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

export interface AssembledEpisode {
  output: EpisodeOutput;
  chapters: readonly EpisodeChapter[];
}

/** The audio of a segment is not there, or belongs to what it said before. */
export class MissingSegmentSound extends Error {
  override readonly name = 'MissingSegmentSound';

  constructor(readonly segment: Segment) {
    super(`the audio of segment ${segment.index + 1} is missing`);
  }
}

/** Puts the segments of an episode together, and writes all of its files. Each gets its name when it is whole. */
export async function writeEpisodeFiles(
  { store, files }: { store: EpisodeStore; files: AudioFiles },
  episode: Episode,
  signal: AbortSignal,
): Promise<AssembledEpisode> {
  const segments = await store.segments(episode.id);
  const assembler = new EpisodeAssembler(await soundsOf(files, segments), { sampleRateHz: EPISODE_SAMPLE_RATE_HZ });
  const { durationMs, samples } = assembler;
  const places = assembler.places();
  const chapters = episode.chapters.map((chapter) => ({ ...chapter, startMs: places[chapter.segment]?.startMs ?? durationMs }));
  const show = episode.showId === undefined ? undefined : await store.show(episode.showId);
  const path = (type: 'wav' | 'mp3' | 'vtt' | 'srt' | 'chapters'): Promise<string> => files.pathForWriting(episode.id, { type });
  const tag = { title: episode.title, durationMs, chapters, publishedAt: new Date(episode.createdAtMs), ...tagOfShow(show) };
  const wav = await WavFile.create(await path('wav'), { sampleRateHz: EPISODE_SAMPLE_RATE_HZ, samples });
  const mp3 = await Mp3File.create(await path('mp3'), { sampleRateHz: EPISODE_SAMPLE_RATE_HZ, tag }).catch(async (error: unknown) => {
    await wav.discard();
    throw error;
  });
  const [bytesWav = 0, bytesMp3 = 0] = await writeSoundFiles(assembler.audio(signal), [wav, mp3]);
  signal.throwIfAborted();
  const { vtt, srt } = await captionFiles(store, segments, places);
  await writeFileAtomically(await path('vtt'), vtt);
  await writeFileAtomically(await path('srt'), srt);
  const named = { ...(show && { podcastName: show.title, author: show.author }) };
  await writeFileAtomically(await path('chapters'), chaptersJson({ title: episode.title, chapters, durationMs, ...named }));
  const { loudnessLufs, truePeakDbtp } = assembler.sound();
  return { output: { durationMs, loudnessLufs, truePeakDbtp, bytesWav, bytesMp3 }, chapters };
}

async function soundsOf(files: AudioFiles, segments: readonly Segment[]): Promise<EpisodeSegment[]> {
  const sounds: EpisodeSegment[] = [];
  for (const [i, segment] of segments.entries()) {
    const { episodeId, id } = segment;
    const sound = await readSegmentSound(files, episodeId, id);
    if (!sound || sound.key !== segment.cacheKey) throw new MissingSegmentSound(segment);
    const { measurement } = sound;
    sounds.push({
      measurement,
      pauseAfterMs: segments[i + 1]?.pauseBeforeMs ?? 0,
      read: () => segmentPcm(files, episodeId, id, measurement.samples),
    });
  }
  return sounds;
}

const tagOfShow = (show: Show | undefined): { artist?: string; album?: string } => (show ? { artist: show.author, album: show.title } : {});

export type { SegmentPlace };
