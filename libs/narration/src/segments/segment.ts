import { type SourcePosition } from '../script';

/** One piece of one speaker's text, which is rendered on its own. */
export interface Segment extends SourcePosition {
  /** The same for the same speaker and text, wherever they stand, so that what did not change is recognised after an edit. */
  key: string;
  speaker: string;
  text: string;
  /** Number of its chapter in `SegmentedScript.chapters`; undefined before the first. */
  chapter?: number;
  /** Silence before it, in milliseconds. */
  pauseBeforeMs: number;
}

export interface Chapter extends SourcePosition {
  title: string;
  /** The index of its first segment. Chapters without text are left out. */
  firstSegment: number;
}

export interface SegmentedScript {
  segments: Segment[];
  chapters: Chapter[];
  /** Silence behind the last segment, in milliseconds. */
  closingPauseMs: number;
}

/** Silence in milliseconds before a segment, by what is before it. A pause in the script takes the place of it. */
export interface SegmentPauses {
  /** Another piece of the same paragraph. */
  sameParagraph: number;
  /** Another paragraph of the same speaker. */
  sameSpeaker: number;
  otherSpeaker: number;
  chapter: number;
}

export const DEFAULT_PAUSES: SegmentPauses = { sameParagraph: 150, sameSpeaker: 400, otherSpeaker: 350, chapter: 1_500 };

/** In longer texts, voices begin to drift in level and speed. */
export const SEGMENT_MAX_CHARACTERS = 1_500;
