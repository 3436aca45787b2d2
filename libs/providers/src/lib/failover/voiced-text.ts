import type { CharacterAlignment, SpeechChunk } from '../ports/text-to-speech';

/** Where in the sentences of a try the next one goes on. */
export interface SpeechPosition {
  /** Index of the sentence. */
  sentence: number;
  /** Character within it. */
  offset: number;
  /** Something between the last word known to have been voiced and here may never have been. */
  isLossy: boolean;
}

interface GivenWord {
  sentence: number;
  start: number;
  end: number;
  bare: string;
  isLastOfSentence: boolean;
}

/** A character's sound may end a little behind the audio that is there, by rounding. */
const ROUNDING_MS = 20;
/** Audio that is so much longer than its alignment: the alignment does not tell how far the voice has come. */
const UNALIGNED_MS = 1_000;
/** How many aligned words may lie between two that are found again: a number written out is several. */
const MAX_SKIPPED_WORDS = 8;
/** Faster than anyone speaks: audio of a length has no more text than this in it. */
const FASTEST_MS_PER_CHARACTER = 40;

/**
 * How much of its text one try has voiced before it broke off. By the vendor's alignment, to the word: a word (or a number, which a voice
 * spells out) that was not voiced to its end counts as not said. Where the vendor does not tell, to the end of the sentence that the voice
 * can have come to: what is said twice is worse than what is missing.
 */
export class VoicedText {
  readonly #given: string[] = [];
  /** Sentences that had been given when the latest audio came. */
  #givenBeforeAudio = 0;
  #audioMs = 0;
  readonly #alignments: CharacterAlignment[] = [];

  /** Audio so far. */
  get audioMs(): number {
    return this.#audioMs;
  }

  /** More audio must follow for what the voice has been given. */
  get isDue(): boolean {
    return this.#audioMs < this.#given.join('').length * FASTEST_MS_PER_CHARACTER;
  }

  /** A sentence was handed to the voice. */
  given(sentence: string): void {
    this.#given.push(sentence);
  }

  /** Audio came. */
  voiced({ alignment }: SpeechChunk, durationMs: number): void {
    this.#audioMs += durationMs;
    this.#givenBeforeAudio = this.#given.length;
    if (alignment) this.#alignments.push(alignment);
  }

  get position(): SpeechPosition {
    if (this.#audioMs === 0) return { sentence: 0, offset: 0, isLossy: false };
    const words = wordsOf(this.#given);
    const spoken = this.#spokenText();
    const found = lastFound(words, spoken.text);
    const aligned = behind(words, found.word);
    const isTold = spoken.untilMs + UNALIGNED_MS >= this.#audioMs && found.wordsBehind <= MAX_SKIPPED_WORDS;
    if (isTold) return aligned;
    const next = this.#reachableSentences();
    return next > aligned.sentence ? { sentence: next, offset: 0, isLossy: true } : aligned;
  }

  /** The characters whose sound is in the audio, as the vendor wrote them. */
  #spokenText(): { text: string; untilMs: number } {
    let text = '';
    let untilMs = Number.NEGATIVE_INFINITY;
    for (const { chars, startMs, durationMs } of this.#alignments) {
      for (const [index, char] of chars.entries()) {
        const endMs = (startMs[index] ?? NaN) + (durationMs[index] ?? NaN);
        if (!(endMs <= this.#audioMs + ROUNDING_MS)) continue;
        text += char;
        untilMs = Math.max(untilMs, endMs);
      }
    }
    return { text, untilMs };
  }

  /** The sentences of which something can have been voiced: those given before the latest audio, as far as its length goes. */
  #reachableSentences(): number {
    let leftMs = this.#audioMs;
    let count = 0;
    while (count < this.#givenBeforeAudio && leftMs > 0) {
      leftMs -= (this.#given[count]?.length ?? 0) * FASTEST_MS_PER_CHARACTER;
      count += 1;
    }
    return count;
  }
}

/** The last of the words that the vendor's text has, in order, and how many words of that text follow it. */
function lastFound(words: readonly GivenWord[], spoken: string): { word: GivenWord | undefined; wordsBehind: number } {
  let at = 0;
  let last: GivenWord | undefined;
  let isMissing = false;
  for (const word of words) {
    // A word that was not found must have been said in other words: what stands right here is that, or the beginning of it.
    const end = findWord(word, spoken, at, isMissing ? 1 : 0);
    isMissing = end === undefined;
    if (end === undefined) continue;
    at = end;
    last = word;
  }
  return { word: last, wordsBehind: starts(spoken, at).length };
}

/** Behind the word where it is found, so many of the spoken words behind `at` or a few more. */
function findWord(word: GivenWord, spoken: string, at: number, skipped: number): number | undefined {
  for (const start of starts(spoken, at).slice(skipped, MAX_SKIPPED_WORDS + 1)) {
    const end = matchEnd(word, spoken, start);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Where the words behind `at` begin. */
const starts = (spoken: string, at: number): number[] =>
  [...spoken.slice(at).matchAll(/\S+/gu)].flatMap((match) => (/[\p{L}\p{N}]/u.test(match[0]) ? at + match.index : []));

/** Behind the word's last letter, if the vendor's text has the word at `start`; between its letters may stand signs. */
function matchEnd({ bare, isLastOfSentence }: GivenWord, spoken: string, start: number): number | undefined {
  let matched = '';
  let position = start;
  while (matched.length < bare.length && position < spoken.length) {
    const character = String.fromCodePoint(spoken.codePointAt(position) ?? 0);
    const isLetter = /[\p{L}\p{M}\p{N}]/u.test(character);
    if (!isLetter && matched !== '' && /\s/u.test(character)) return undefined;
    if (isLetter) matched += character.toLowerCase();
    if (!bare.startsWith(matched)) return undefined;
    position += character.length;
  }
  if (matched !== bare) return undefined;
  // Some vendors put nothing between two sentences.
  const goesOn = /^[\p{L}\p{M}\p{N}]/u.test(spoken.slice(position));
  return goesOn && !isLastOfSentence ? undefined : position;
}

function wordsOf(sentences: readonly string[]): GivenWord[] {
  return sentences.flatMap((text, sentence) => {
    const words = [...text.matchAll(/\S+/gu)].flatMap((match) => {
      const bare = (match[0].match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join('').toLowerCase();
      return bare === '' ? [] : [{ sentence, start: match.index, end: match.index + match[0].length, bare }];
    });
    return words.map((word, index) => ({ ...word, isLastOfSentence: index === words.length - 1 }));
  });
}

function behind(words: readonly GivenWord[], last: GivenWord | undefined): SpeechPosition {
  const next = last === undefined ? words[0] : words[words.indexOf(last) + 1];
  if (next === undefined) return { sentence: (last?.sentence ?? -1) + 1, offset: 0, isLossy: false };
  return { sentence: next.sentence, offset: next.sentence === (last?.sentence ?? -1) ? next.start : 0, isLossy: false };
}
