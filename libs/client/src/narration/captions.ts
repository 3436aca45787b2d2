/** A word of a caption. */
export interface CaptionWord {
  readonly text: string;
  /** Whether there is space before it. */
  readonly isApart: boolean;
  readonly startMs: number;
}

/** What is shown at one time. */
export interface Caption {
  readonly startMs: number;
  readonly endMs: number;
  readonly speaker?: string;
  readonly words: readonly CaptionWord[];
}

const TIMES = /^\s*((?:\d+:)?\d{2}:\d{2}\.\d{3})\s+-->\s+((?:\d+:)?\d{2}:\d{2}\.\d{3})/u;
const VOICE = /<v(?:\.[^\s>]*)?\s+([^>]+)>/u;
const TAG_OR_TEXT = /<([^>]*)>|([^<]+)/gu;
const TIMESTAMP = /^(?:\d+:)?\d{2}:\d{2}\.\d{3}$/u;

/**
 * Reads WebVTT. Words begin at the timestamps within a cue; a cue without such timestamps is divided among its words by their lengths. What is
 * no cue is skipped.
 */
export function parseCaptions(vtt: string): Caption[] {
  return vtt
    .replace(/\r\n?/gu, '\n')
    .split(/\n{2,}/u)
    .flatMap((block) => {
      const lines = block.split('\n');
      const at = lines.findIndex((line) => TIMES.test(line));
      const [, start, end] = TIMES.exec(lines[at] ?? '') ?? [];
      if (start === undefined || end === undefined) return [];
      return [
        captionOf(
          toMs(start),
          toMs(end),
          lines
            .slice(at + 1)
            .join(' ')
            .trim(),
        ),
      ];
    });
}

function captionOf(startMs: number, endMs: number, payload: string): Caption {
  const speaker = VOICE.exec(payload)?.[1];
  const words = wordsOf(payload, startMs, endMs);
  return { startMs, endMs, ...(speaker !== undefined && { speaker: decoded(speaker).trim() }), words };
}

function wordsOf(payload: string, startMs: number, endMs: number): CaptionWord[] {
  const parts: { text: string; startMs: number }[] = [];
  let atMs = startMs;
  let isTimed = false;
  for (const [, tag, text] of payload.matchAll(TAG_OR_TEXT)) {
    if (tag !== undefined && TIMESTAMP.test(tag)) {
      atMs = toMs(tag);
      isTimed = true;
    }
    if (text !== undefined) parts.push({ text: decoded(text), startMs: atMs });
  }
  const whole = parts.reduce((length, { text }) => length + text.length, 0);
  const words: CaptionWord[] = [];
  let before = 0;
  let isApart = false;
  for (const part of parts) {
    for (const [piece] of part.text.matchAll(/\s+|\S+/gu)) {
      const evenMs = startMs + ((endMs - startMs) * before) / whole;
      before += piece.length;
      const isSpace = piece.trim() === '';
      if (!isSpace) words.push({ text: piece, isApart, startMs: isTimed ? part.startMs : evenMs });
      isApart = isSpace;
    }
  }
  return words;
}

/** `[hh:]mm:ss.ttt` in ms. */
function toMs(timestamp: string): number {
  const seconds = timestamp.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round(seconds * 1000);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', lrm: '', rlm: '' };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|nbsp|lrm|rlm);/gu, (_entity, name: string) => ENTITIES[name] ?? '');
}
