export type { CharacterTimes, UnitTime } from './alignment';
export * from './cue';
export * from './make-cues';
export * from './subtitle-files';
export * from './time-text';
export * from './words';
