export { type CharacterTimes } from './character-times';
export * from './episode-assembler';
export { type SegmentPlace } from './episode-timeline';
export * from './loudness-goal';
export { measure, type Measurement } from './measure';
export * from './prepare-segment';
