/** What of a reply's words a listener has heard: from what the voice was given to say, when it says it, and how much was played. */

/** When each character is spoken, in milliseconds from the start of the reply's audio. A voice may write numbers out as words. */
export interface SpeechAlignment {
  chars: readonly string[];
  startMs: readonly number[];
  durationMs: readonly number[];
}

/** What one voice was given to say, and what is known of its audio. A value. */
export interface Spoken {
  /** Where its audio begins within the turn's. */
  startMs: number;
  /** Texts in the order in which the voice got them. */
  pieces: readonly string[];
  alignments: readonly SpeechAlignment[];
  /** Audio made so far. */
  producedMs: number;
  /** No more audio comes. */
  ended: boolean;
}

/** A word and the end of its last sound, in milliseconds from the start of the turn's audio. */
export interface TimedWord {
  text: string;
  endMs: number;
}

/** How fast a voice is taken to speak where nothing else is known. */
const MS_PER_CHARACTER = 65;
/** How many aligned words may lie between two that are found again: a number written out is several. */
const MAX_SKIPPED_WORDS = 8;

export const newSpoken = (startMs: number): Spoken => ({ startMs, pieces: [], alignments: [], producedMs: 0, ended: false });

/** The words heard after `playedMs` of the turn's audio. Voices follow one another: each is cut off where the next begins. */
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

/** All words given to the voice. Where the alignment says nothing, time passes evenly from character to character. */
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

/** The characters up to each word's end, without spaces. */
function endOffsets(words: readonly string[]): number[] {
  let characters = 0;
  return words.map((word) => (characters += word.length));
}

/** The words as the voice spoke them; a word ends with its last letter or digit, not with the pause that a full stop is. */
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

/** The end of every given word that is found among the aligned ones, in order. */
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

/** "[noise]", "<unk>", "(coughs)": what some recognisers write where they heard no words. */
const REMARK = /\[[^\]]*\]|<[^>]*>|\([^)]*\)/gu;

/** Whether anything was said: neither punctuation alone nor a recogniser's remark on a sound. */
export const saysSomething = (text: string): boolean => bare(text.replace(REMARK, '')) !== '';
