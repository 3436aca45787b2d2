import type { CharacterAlignment, SpeechChunk } from '../ports/text-to-speech';
import { spokenText } from './aligned-text';
import { type GivenWord, givenWords, type MatchedWords, matchWords } from './match-words';
import { FASTEST_MS_PER_CHARACTER, ORDINARY_MS_PER_CHARACTER } from './pace';

/** The position in the sentences of a try at which the next try continues. */
export interface SpeechPosition {
  /** Index of the sentence. */
  sentence: number;
  /** Index of the character within the sentence. */
  offset: number;
  /** True if some text between the last word that is known to have been voiced and this position may never have been voiced. */
  isLossy: boolean;
}

/** The maximum number of spoken words after the last given word that was found. A number that is written out has several. */
const MAX_OTHER_WORDS = 8;

/**
 * Tracks how much of its text one try voiced before it broke off. With a reliable alignment of the vendor this is known to the word: a
 * word, or a number that is read out, that was not voiced to its end counts as not spoken. Without one, the next try continues after the
 * last sentence that can have been reached, because repeating text is worse than leaving some out.
 */
export class VoicedText {
  readonly #given: string[] = [];
  /** Number of sentences that had been given when the latest audio arrived. */
  #givenBeforeAudio = 0;
  #audioMs = 0;
  readonly #alignments: CharacterAlignment[] = [];

  /** Length of the audio so far in milliseconds. */
  get audioMs(): number {
    return this.#audioMs;
  }

  /** True if more audio must follow for the text that the voice was given. */
  get isDue(): boolean {
    return this.#audioMs < this.#givenCharacters * FASTEST_MS_PER_CHARACTER;
  }

  /** True if the audio is as long as an ordinary voice needs for all of the text. */
  get isLongEnough(): boolean {
    return this.#audioMs >= this.#givenCharacters * ORDINARY_MS_PER_CHARACTER;
  }

  /** Records that a sentence was given to the voice. */
  given(sentence: string): void {
    this.#given.push(sentence);
  }

  /** Records that audio with this length in milliseconds arrived. */
  voiced({ alignment }: SpeechChunk, durationMs: number): void {
    this.#audioMs += durationMs;
    this.#givenBeforeAudio = this.#given.length;
    if (alignment) this.#alignments.push(alignment);
  }

  /** The position that the voice has reached according to the alignment, or undefined if that is not known. */
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

  /** Returns the number of characters of the given text after a position. */
  charactersFrom({ sentence, offset }: Pick<SpeechPosition, 'sentence' | 'offset'>): number {
    return this.#given.slice(sentence).reduce((sum, { length }) => sum + length, 0) - offset;
  }

  get #givenCharacters(): number {
    return this.charactersFrom({ sentence: 0, offset: 0 });
  }

  /**
   * Returns the number of sentences of which something can have been voiced: those given before the latest audio, as far as the length of
   * the audio allows.
   */
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
  // Words that differ from the given ones count as the rest of a sentence if they end with one, because the end of a number cannot be found
  // otherwise.
  const ended = others.filter(({ endsSentence }) => endsSentence).length;
  if (ended > 0) return { sentence: (isAtSentence ? next.sentence : sentence) + ended, offset: 0 };
  if (next === undefined) return { sentence: words.length === 0 ? 0 : sentence + 1, offset: 0 };
  return { sentence: next.sentence, offset: isAtSentence ? 0 : next.start };
}
