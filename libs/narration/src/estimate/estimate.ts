import { type NarrationModel } from '../models';

/** Characters per second of alphabetic text at normal speed. */
const CHARACTERS_PER_SECOND = 15;
/** A character of these scripts stands for a syllable or a word. */
const LONG_CHARACTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
/** As many alphabetic characters take as long to speak. */
const LONG_CHARACTER_WEIGHT = 3;

/** What is to be spoken: segments of a script. Without pauses, any texts. */
export interface SpokenText {
  text: string;
  /** Milliseconds. */
  pauseBeforeMs?: number;
}

export interface EstimateOptions {
  /** The model that will speak, or what is known of it. */
  model: Pick<NarrationModel, 'costFactor'>;
  /** 0.7 to 1.2; 1 if left out. */
  speed?: number;
  /** What 1 000 billed characters cost. */
  price?: { per1000: number; currency: string };
  /** Silence behind the last text, in milliseconds. */
  closingPauseMs?: number;
}

export interface Estimate {
  /** Unicode code points. */
  characters: number;
  billedCharacters: number;
  /** Only if a price was given. */
  cost?: { amount: number; currency: string };
  durationMs: number;
}

/** What it takes to speak texts: characters, cost, and about how long it will last. What is in a cache is not taken off. */
export function estimate(texts: readonly SpokenText[], { model, speed = 1, price, closingPauseMs = 0 }: EstimateOptions): Estimate {
  const characters = texts.reduce((sum, { text }) => sum + countCharacters(text), 0);
  const billedCharacters = Math.ceil(characters * model.costFactor);
  const speechMs = texts.reduce((sum, { text }) => sum + speechDurationMs(text, speed), 0);
  const pausesMs = texts.reduce((sum, { pauseBeforeMs = 0 }) => sum + pauseBeforeMs, closingPauseMs);
  return {
    characters,
    billedCharacters,
    ...(price && { cost: { amount: (billedCharacters * price.per1000) / 1_000, currency: price.currency } }),
    durationMs: Math.round(speechMs + pausesMs),
  };
}

/** Unicode code points. */
export const countCharacters = (text: string): number => [...text].length;

/** About how long a text takes to speak, in milliseconds. */
export function speechDurationMs(text: string, speed = 1): number {
  const long = text.match(LONG_CHARACTER)?.length ?? 0;
  const weight = countCharacters(text) + long * (LONG_CHARACTER_WEIGHT - 1);
  return (weight / (CHARACTERS_PER_SECOND * speed)) * 1_000;
}
