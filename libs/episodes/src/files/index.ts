export * from './atomic-file';
export { type EpisodeTag } from './id3-tag';
export {
  MP3_BITRATES,
  MP3_SAMPLE_RATES,
  type Mp3Bitrate,
  Mp3Encoder,
  type Mp3EncoderOptions,
  mp3Format,
  type Mp3Format,
} from './mp3-encoder';
export * from './mp3-file';
export { mp3FrameBytes, mp3FrameSamples } from './mp3-info-frame';
export * from './sound-file';
export { WavFile, type WavFileOptions, wavHeader } from './wav-file';
export * from './m4b-file';
