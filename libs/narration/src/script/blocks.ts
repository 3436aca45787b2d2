import { type MappedText } from './mapped-text';

/** The beginning of what a speaker says: `HOST:`. */
export interface Cue {
  speaker: string;
  /** Where the name stands in the source. */
  offset: number;
}

export interface ChapterBlock {
  type: 'chapter';
  title: string;
  /** 1 to 6. */
  level: number;
  offset: number;
}

export interface ParagraphBlock {
  type: 'paragraph';
  /** Undefined in formats without speakers, and before the first one. */
  cue?: Cue;
  text: MappedText;
}

export type Block = ChapterBlock | ParagraphBlock;

/** What a format makes of the source, before its markup is looked at. */
export interface ScriptBlocks {
  blocks: Block[];
  /** All of them, also those that nothing follows. */
  cues: Cue[];
}
