export { AudioFiles, type ByteRange, type StoredFile } from './audio-files';
export { type EpisodeFile } from './file-names';
