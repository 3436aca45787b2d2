/**
 * A file of an episode. The audio of a segment is raw PCM, and what was measured of it; `frames` is MP3 of what begins with that segment, from
 * which the episode's is put together.
 */
export type EpisodeFile =
  { type: 'segment' | 'frames'; segmentId: string } | { type: 'wav' | 'mp3' | 'vtt' | 'srt' | 'chapters' | 'waveform' | 'cover' };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const NAMES: Readonly<Record<Exclude<EpisodeFile['type'], 'segment' | 'frames'>, string>> = {
  wav: 'episode.wav',
  mp3: 'episode.mp3',
  vtt: 'captions.vtt',
  srt: 'captions.srt',
  chapters: 'chapters.json',
  waveform: 'waveform.json',
  cover: 'cover',
};

/** The folder of an episode. Throws `RangeError` if the id is not one that the store gave, so that no path can come from a request. */
export function folderName(episodeId: string): string {
  return checked(episodeId);
}

/** The name within the folder of the episode. Throws `RangeError` as `folderName` does. */
export function fileName(file: EpisodeFile): string {
  if (file.type === 'segment') return `segment-${checked(file.segmentId)}.pcm`;
  return file.type === 'frames' ? `segment-${checked(file.segmentId)}.mp3` : NAMES[file.type];
}

export const isFolderName = (name: string): boolean => ID.test(name);

function checked(id: string): string {
  if (!ID.test(id)) throw new RangeError('not the id of a record');
  return id;
}
