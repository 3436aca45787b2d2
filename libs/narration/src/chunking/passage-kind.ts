import { type PassageKind } from './schedules';

/** A line that a speaker begins: "HOST: …", also in bold. */
const CUE = /^\s*(?:\*\*)?[\p{Lu}\p{Lo}][\p{Lu}\p{Lo}\p{M}\p{Nd} .'’_-]{0,39}[:：]/u;
/** A line that begins with a quotation mark, or with a dash as in French or Spanish dialogue. */
const SPOKEN_LINE = /^\s*["“„«「『—–]/u;
const QUOTED = /"[^"\n]{2,}"|“[^”\n]{2,}”|„[^“\n]{2,}“|«[^»\n]{2,}»|「[^」\n]{2,}」|『[^』\n]{2,}』/gu;

/** At least this part of the lines, or of the characters, is spoken in a dialogue. */
const DIALOGUE_LINES = 0.4;
const DIALOGUE_CHARACTERS = 0.35;
/** Lines that are this short on average, and several of them, are exchanged. */
const SHORT_LINE = 60;
const SHORT_LINES_MIN = 3;
/** A paragraph from this length on is told, not exchanged. */
const LONG_PARAGRAPH = 240;

/** What a passage is, judged by its quotation marks, screenplay lines and the length of its paragraphs. */
export function passageKind(text: string): PassageKind {
  const lines = text.split(/\r?\n/u).filter((line) => line.trim() !== '');
  const length = text.trim().length;
  if (length === 0) return 'balanced';
  const spokenLines = lines.filter((line) => CUE.test(line) || SPOKEN_LINE.test(line)).length;
  const quoted = [...text.matchAll(QUOTED)].reduce((sum, [quote]) => sum + quote.length, 0);
  if (spokenLines / lines.length >= DIALOGUE_LINES || quoted / length >= DIALOGUE_CHARACTERS) return 'dialogue';
  if (lines.length >= SHORT_LINES_MIN && length / lines.length < SHORT_LINE) return 'dialogue';
  return Math.max(...lines.map((line) => line.length)) >= LONG_PARAGRAPH ? 'narration' : 'balanced';
}
