export { type CharacterTimes } from './character-times';
export * from './episode-assembler';
export { type SegmentPlace } from './episode-timeline';
export { FrameGrid } from './frame-grid';
export * from './loudness-goal';
export { measure, type Measurement } from './measure';
export * from './prepare-segment';
