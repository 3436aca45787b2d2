import { type Pronunciation } from '../pronunciation/pronunciation';

export type ScriptFormat = 'text' | 'markdown' | 'screenplay';

/**
 * A place in the source, both from 1. A line ends with "\n", "\r\n" or "\r". The column counts UTF-16 code units as editors do: a tab counts
 * 1, a character outside of the Basic Multilingual Plane (most emoji) counts 2.
 */
export interface SourcePosition {
  line: number;
  column: number;
}

export interface ScriptProblem extends SourcePosition {
  message: string;
}

/** From this index of a text on, up to the next anchor, its characters stand in the source from this position on, in one line. */
export interface TextAnchor extends SourcePosition {
  index: number;
}

export interface ChapterElement extends SourcePosition {
  type: 'chapter';
  title: string;
}

/** A paragraph, or the part of one before or behind a pause. */
export interface SpeechElement extends SourcePosition {
  type: 'speech';
  speaker: string;
  /** Without line breaks. Holds `<phoneme>` elements, and audio tags if they are allowed. */
  text: string;
  /** In order, the first at index 0. See `positionIn`. */
  anchors: readonly TextAnchor[];
}

export interface PauseElement extends SourcePosition {
  type: 'pause';
  ms: number;
}

export type ScriptElement = ChapterElement | SpeechElement | PauseElement;

export interface ScriptSpeaker {
  name: string;
  /** From the front matter. */
  voiceId?: string;
}

export interface Script {
  format: ScriptFormat;
  /** From the front matter, or the only heading of the first level if it begins the script and others are below it. */
  title?: string;
  /** Language as a BCP-47 tag, from the front matter. */
  language?: string;
  /** In the order in which they first speak. */
  speakers: string[];
  /** Speakers that the front matter names. */
  voices: ScriptSpeaker[];
  /** From the front matter. */
  pronunciations: Pronunciation[];
  elements: ScriptElement[];
  /** In the order of their places. A script with problems must not be rendered. */
  problems: ScriptProblem[];
}

/** The speaker of a script that names none. */
export const NARRATOR = 'NARRATOR';

/** The most characters of a script, as UTF-16 code units of its source. */
export const SCRIPT_MAX_CHARACTERS = 100_000;
export const PAUSE_MIN_MS = 50;
export const PAUSE_MAX_MS = 60_000;

/** Where the character at `index` of an element's text stands in the source. */
export function positionIn(anchors: readonly TextAnchor[], index: number): SourcePosition {
  const anchor = anchors.findLast((candidate) => candidate.index <= index);
  return anchor ? { line: anchor.line, column: anchor.column + index - anchor.index } : { line: 1, column: 1 };
}
