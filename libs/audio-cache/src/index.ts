export { AudioCache, type AudioCacheCounts, type AudioCacheEvent, type AudioCacheOptions, type SpeakRequest } from './audio-cache';
export type { AudioAlignment, AudioChunk, AudioDetails } from './audio-chunk';
export type { CachedAudio } from './cached-audio';
export { type AudioIdentity, audioKey, type DialogueIdentity, isAudioKey, type VoiceIdentity } from './identity';
