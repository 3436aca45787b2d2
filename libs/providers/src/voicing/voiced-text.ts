import type { CharacterAlignment, SpeechChunk } from '../ports/text-to-speech';
import { spokenText } from './aligned-text';
import { type GivenWord, givenWords, type MatchedWords, matchWords } from './match-words';
import { FASTEST_MS_PER_CHARACTER, ORDINARY_MS_PER_CHARACTER } from './pace';

/** Where in the sentences of a try the next one goes on. */
export interface SpeechPosition {
  /** Index of the sentence. */
  sentence: number;
  /** Character within it. */
  offset: number;
  /** Something between the last word known to have been voiced and here may never have been. */
  isLossy: boolean;
}

/** How many spoken words may follow the last one that was given: a number written out is several. */
const MAX_OTHER_WORDS = 8;

/**
 * How much of its text one try has voiced before it broke off. By the vendor's alignment, to the word: a word (or a number, which a voice
 * spells out) that was not voiced to its end counts as not said. Where the alignment is not reliable, to the end of the sentence that the voice
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
    return this.#audioMs < this.#givenCharacters * FASTEST_MS_PER_CHARACTER;
  }

  /** The audio is as long as an ordinary voice needs for all of the text. */
  get isLongEnough(): boolean {
    return this.#audioMs >= this.#givenCharacters * ORDINARY_MS_PER_CHARACTER;
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

  /** Where the alignment says the voice has come to; undefined where it does not tell. */
  get alignedPosition(): Omit<SpeechPosition, 'isLossy'> | undefined {
    if (this.#audioMs === 0) return { sentence: 0, offset: 0 };
    const spoken = spokenText(this.#alignments, this.#audioMs);
    if (!spoken.isReliable) return undefined;
    const words = givenWords(this.#given);
    const matched = matchWords(words, spoken);
    return matched.behind.length <= MAX_OTHER_WORDS ? behind(words, matched) : undefined;
  }

  get position(): SpeechPosition {
    const aligned = this.alignedPosition;
    if (aligned) return { ...aligned, isLossy: false };
    return { sentence: this.#reachableSentences(), offset: 0, isLossy: !this.isLongEnough };
  }

  /** Characters of the given text from a position on. */
  charactersFrom({ sentence, offset }: Pick<SpeechPosition, 'sentence' | 'offset'>): number {
    return this.#given.slice(sentence).reduce((sum, { length }) => sum + length, 0) - offset;
  }

  get #givenCharacters(): number {
    return this.charactersFrom({ sentence: 0, offset: 0 });
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

function behind(words: readonly GivenWord[], { last, behind: others }: MatchedWords): Omit<SpeechPosition, 'isLossy'> {
  const sentence = words[last]?.sentence ?? 0;
  const next = words[last + 1];
  const isAtSentence = next !== undefined && (last < 0 || next.sentence > sentence);
  // What was said in other words was said to the end of its sentence where it ends with one: the end of a number is not found otherwise.
  const ended = others.filter(({ endsSentence }) => endsSentence).length;
  if (ended > 0) return { sentence: (isAtSentence ? next.sentence : sentence) + ended, offset: 0 };
  if (next === undefined) return { sentence: words.length === 0 ? 0 : sentence + 1, offset: 0 };
  return { sentence: next.sentence, offset: isAtSentence ? 0 : next.start };
}
