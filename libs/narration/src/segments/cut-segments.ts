import { positionIn, type ChapterElement, type ScriptElement, type SpeechElement } from '../script';
import { cutParagraph } from './cut-paragraph';
import { DEFAULT_PAUSES, SEGMENT_MAX_CHARACTERS, type Segment, type SegmentedScript, type SegmentPauses } from './segment';

export interface SegmentOptions {
  /** 1 500 if left out. */
  maxCharacters?: number;
  pauses?: Partial<SegmentPauses>;
}

/**
 * Cuts the elements of a script into segments. Each paragraph is cut on its own, so that editing one changes only its own segments.
 */
export function cutSegments(elements: readonly ScriptElement[], options: SegmentOptions = {}): SegmentedScript {
  const cutter = new SegmentCutter(options.maxCharacters ?? SEGMENT_MAX_CHARACTERS, { ...DEFAULT_PAUSES, ...options.pauses });
  for (const element of elements) cutter.add(element);
  return cutter.result();
}

/** What tells segments apart: the speaker and the text. */
export const segmentKey = (speaker: string, text: string): string => JSON.stringify([speaker, text]);

class SegmentCutter {
  readonly #max: number;
  readonly #pauses: SegmentPauses;
  readonly #result: SegmentedScript = { segments: [], chapters: [], closingPauseMs: 0 };
  #writtenPause: number | undefined;
  /** A chapter whose first segment has not come yet. */
  #chapter: ChapterElement | undefined;

  constructor(max: number, pauses: SegmentPauses) {
    this.#max = max;
    this.#pauses = pauses;
  }

  add(element: ScriptElement): void {
    if (element.type === 'pause') this.#writtenPause = (this.#writtenPause ?? 0) + element.ms;
    else if (element.type === 'chapter') this.#chapter = element;
    else this.#speech(element);
  }

  result(): SegmentedScript {
    return { ...this.#result, closingPauseMs: this.#writtenPause ?? 0 };
  }

  #speech(speech: SpeechElement): void {
    for (const { start, end } of cutParagraph(speech.text, this.#max)) {
      const piece = speech.text.slice(start, end);
      const text = piece.trim();
      if (text === '') continue;
      const pauseBeforeMs = this.#pauseBefore(speech.speaker, start === 0);
      const chapter = this.#chapterIndex();
      this.#result.segments.push({
        key: segmentKey(speech.speaker, text),
        speaker: speech.speaker,
        text,
        ...(chapter !== undefined && { chapter }),
        pauseBeforeMs,
        ...positionIn(speech.anchors, start + piece.length - piece.trimStart().length),
      });
    }
  }

  #pauseBefore(speaker: string, isParagraph: boolean): number {
    const written = this.#writtenPause;
    this.#writtenPause = undefined;
    if (written !== undefined) return written;
    const before: Segment | undefined = this.#result.segments.at(-1);
    if (!before) return 0;
    if (!isParagraph) return this.#pauses.sameParagraph;
    if (this.#chapter) return this.#pauses.chapter;
    return before.speaker === speaker ? this.#pauses.sameSpeaker : this.#pauses.otherSpeaker;
  }

  #chapterIndex(): number | undefined {
    const { chapters, segments } = this.#result;
    if (this.#chapter) {
      const { title, line, column } = this.#chapter;
      chapters.push({ title, firstSegment: segments.length, line, column });
      this.#chapter = undefined;
    }
    return chapters.length === 0 ? undefined : chapters.length - 1;
  }
}
