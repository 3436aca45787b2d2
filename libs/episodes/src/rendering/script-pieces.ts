import {
  cutSegments,
  NARRATOR,
  parseScript,
  SCRIPT_MAX_CHARACTERS,
  type Script,
  type ScriptElement,
  type ScriptProblem,
  type SegmentPauses,
} from '@parley/narration';
import type { EpisodeChapter, EpisodePauses, EpisodeScriptFormat } from '../storage';
import type { EpisodeRequest, GivenPart } from './episode-request';

/** A segment before it is known whose voice it has. */
export interface ScriptPiece {
  speaker: string;
  text: string;
  chapter?: number;
  pauseBeforeMs: number;
  line: number;
  column: number;
  /** What was given for it alone. */
  part?: GivenPart;
}

/** A script that was read and cut. */
export interface ScriptPieces {
  script: string;
  format: EpisodeScriptFormat;
  parsed: Pick<Script, 'title' | 'language' | 'voices' | 'pronunciations'>;
  pieces: ScriptPiece[];
  chapters: EpisodeChapter[];
  closingPauseMs: number;
  problems: ScriptProblem[];
}

export interface ReadOptions {
  speakers: readonly string[];
  /** Whether the model performs tags such as `[laughs]`. */
  audioTags: boolean;
  maxCharacters: number;
}

/** Reads a request's script, or its parts as if they were one. */
export function readScript(request: EpisodeRequest, options: ReadOptions): ScriptPieces {
  return request.parts ? fromParts(request.parts, request, options) : fromScript(request.script ?? '', request, options);
}

function fromScript(script: string, { format, pauses }: EpisodeRequest, { speakers, audioTags, maxCharacters }: ReadOptions): ScriptPieces {
  const parsed = parseScript(script, { ...(format && { format }), speakers, audioTags });
  const { segments, chapters, closingPauseMs } = cutSegments(parsed.elements, { maxCharacters, pauses: pausesOf(pauses) });
  return {
    ...{ script, format: parsed.format, parsed, closingPauseMs, problems: parsed.problems },
    pieces: segments,
    chapters: chapters.map(({ title, firstSegment }) => ({ title, segment: firstSegment })),
  };
}

/** The parts stand below each other, with an empty line in between: that is how their lines are counted. */
function fromParts(parts: readonly GivenPart[], { pauses }: EpisodeRequest, { audioTags, maxCharacters }: ReadOptions): ScriptPieces {
  const elements: ScriptElement[] = [];
  const problems: ScriptProblem[] = [];
  let line = 0;
  let characters = 0;
  for (const [index, { text }] of parts.entries()) {
    characters += text.length;
    if (characters > SCRIPT_MAX_CHARACTERS) {
      problems.push({
        line: line + 1,
        column: 1,
        message: `The segments are too long from here on: at most ${SCRIPT_MAX_CHARACTERS} characters are allowed.`,
      });
      break;
    }
    const parsed = parseScript(text, { format: 'text', audioTags });
    const moved = <T extends { line: number }>(place: T): T => ({ ...place, line: place.line + line });
    problems.push(...parsed.problems.map(moved));
    for (const element of parsed.elements)
      elements.push(
        element.type === 'speech'
          ? { ...moved(element), speaker: keyOfPart(parts, index), anchors: element.anchors.map(moved) }
          : moved(element),
      );
    line += text.split(/\r\n?|\n/u).length + 1;
  }
  const { segments, closingPauseMs } = cutSegments(elements, { maxCharacters, pauses: pausesOf(pauses) });
  const script = parts.map(({ text }) => text).join('\n\n');
  const pieces = segments.map((segment) => {
    const part = parts[Number(segment.speaker)];
    return { ...segment, speaker: part?.speaker ?? NARRATOR, ...(part && { part }) };
  });
  return { ...{ script, format: 'text', pieces, closingPauseMs, problems }, chapters: [], parsed: { voices: [], pronunciations: [] } };
}

/** The index of the first part that is spoken in the same way, so that pauses between speakers are told from those between paragraphs. */
function keyOfPart(parts: readonly GivenPart[], index: number): string {
  const { speaker, voiceId, model } = parts[index] ?? {};
  const before = parts[index - 1];
  const isSame = before?.speaker === speaker && before?.voiceId === voiceId && before?.model === model;
  return isSame && index > 0 ? keyOfPart(parts, index - 1) : String(index);
}

function pausesOf({ betweenSegmentsMs, betweenSpeakersMs, beforeChapterMs }: EpisodePauses = {}): Partial<SegmentPauses> {
  return {
    ...(betweenSegmentsMs !== undefined && { sameSpeaker: betweenSegmentsMs }),
    ...(betweenSpeakersMs !== undefined && { otherSpeaker: betweenSpeakersMs }),
    ...(beforeChapterMs !== undefined && { chapter: beforeChapterMs }),
  };
}
