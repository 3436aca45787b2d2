/** Which words of a reply a listener has heard, derived from the text given to the voice, its alignment and how much audio was played. */

/** When each character is spoken, in milliseconds from the start of the reply's audio. A voice may write numbers out as words. */
export interface SpeechAlignment {
  chars: readonly string[];
  startMs: readonly number[];
  durationMs: readonly number[];
}

/** The text that one voice was given, and what is known about its audio. Immutable. */
export interface Spoken {
  /** Where its audio begins within the audio of the turn. */
  startMs: number;
  /** The texts in the order in which the voice received them. */
  pieces: readonly string[];
  alignments: readonly SpeechAlignment[];
  /** The length of the audio produced so far. */
  producedMs: number;
  /** Whether no more audio will come. */
  ended: boolean;
}

/** A word and the end of its last sound, in milliseconds from the start of the turn's audio. */
export interface TimedWord {
  text: string;
  endMs: number;
}

/** The assumed speaking pace, in milliseconds per character, when nothing else is known. */
const MS_PER_CHARACTER = 65;
/** The largest number of aligned words between two matching words. A number that is written out becomes several words. */
const MAX_SKIPPED_WORDS = 8;

export const newSpoken = (startMs: number): Spoken => ({ startMs, pieces: [], alignments: [], producedMs: 0, ended: false });

/**
 * The words that were heard after `playedMs` of the turn’s audio. When a second voice follows, the first one ends where the second begins.
 */
export function heardText(voices: readonly Spoken[], playedMs: number): string {
  return heardWords(voices, playedMs)
    .map(({ text }) => text)
    .join(' ');
}

export function heardWords(voices: readonly Spoken[], playedMs: number): TimedWord[] {
  return voices.flatMap((voice, index) => {
    const untilMs = Math.min(playedMs, voices[index + 1]?.startMs ?? Infinity);
    const words = timedWords(voice);
    if (voice.ended && untilMs >= voice.startMs + voice.producedMs) return words;
    return words.filter(({ endMs }) => endMs <= untilMs);
  });
}

/** All words that were given to the voice. Where there is no alignment, time is spread evenly over the characters. */
export function timedWords(voice: Spoken): TimedWord[] {
  const texts = wordsOf(voice.pieces.join(' '));
  const ends = endOffsets(texts);
  const totalCharacters = ends.at(-1) ?? 0;
  let from = { characters: 0, atMs: 0 };
  let next = 0;
  const anchors = [...findWords(texts, alignedWords(voice.alignments))].map(([word, atMs]) => ({ characters: ends[word] ?? 0, atMs }));
  const lastMs = anchors.at(-1)?.atMs ?? 0;
  const leftMs = (totalCharacters - (anchors.at(-1)?.characters ?? 0)) * MS_PER_CHARACTER;
  anchors.push({
    characters: totalCharacters,
    atMs: Math.max(lastMs, voice.ended ? voice.producedMs : Math.max(voice.producedMs, lastMs + leftMs)),
  });
  return texts.map((text, index) => {
    const end = ends[index] ?? totalCharacters;
    for (let anchor = anchors[next]; anchor && anchor.characters < end; anchor = anchors[++next]) from = anchor;
    const to = anchors[next] ?? from;
    const share = to.characters === from.characters ? 1 : (end - from.characters) / (to.characters - from.characters);
    return { text, endMs: voice.startMs + from.atMs + share * (to.atMs - from.atMs) };
  });
}

/** The number of characters up to the end of each word, without spaces. */
function endOffsets(words: readonly string[]): number[] {
  let characters = 0;
  return words.map((word) => (characters += word.length));
}

/** The words as the voice spoke them. A word ends with its last letter or digit, without the pause of a full stop. */
function alignedWords(alignments: readonly SpeechAlignment[]): TimedWord[] {
  const words: TimedWord[] = [];
  let text = '';
  let endMs = 0;
  const finish = (): void => {
    if (text !== '') words.push({ text, endMs });
    text = '';
  };
  for (const { chars, startMs, durationMs } of alignments) {
    chars.forEach((char, index) => {
      const letters = bare(char);
      const charEndMs = (startMs[index] ?? NaN) + (durationMs[index] ?? NaN);
      if (/\s/u.test(char)) finish();
      if (letters === '' || !Number.isFinite(charEndMs)) return;
      text += letters;
      endMs = Math.max(endMs, charEndMs);
    });
  }
  finish();
  return words;
}

/** The end time of every given word that is found among the aligned words, in order. */
function findWords(texts: readonly string[], aligned: readonly TimedWord[]): Map<number, number> {
  const found = new Map<number, number>();
  let next = 0;
  texts.forEach((text, index) => {
    const word = bare(text);
    if (word === '') return;
    const end = Math.min(aligned.length, next + MAX_SKIPPED_WORDS);
    for (let at = next; at < end; at++) {
      const candidate = aligned[at];
      if (candidate?.text !== word) continue;
      found.set(index, candidate.endMs);
      next = at + 1;
      return;
    }
  });
  return found;
}

export const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

/** Letters and digits only, in lower case. */
export const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '');

/** Remarks such as "[noise]", "<unk>" or "(coughs)", which some recognisers write when they heard no words. */
const REMARK = /\[[^\]]*\]|<[^>]*>|\([^)]*\)/gu;

/** Whether the text contains words, and not only punctuation or remarks about a sound. */
export const saysSomething = (text: string): boolean => bare(text.replace(REMARK, '')) !== '';
