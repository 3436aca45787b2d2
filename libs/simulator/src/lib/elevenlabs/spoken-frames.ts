import { integerBetween, type Random } from '../random';
import type { SpokenCharacter } from './spoken-characters';

/** A piece of speech as the vendor sends it: any length, with the characters that begin in it. */
export interface SpokenFrame {
  pcm: Int16Array;
  durationMs: number;
  /** Times from the start of this frame. */
  characters: readonly SpokenCharacter[];
  /** In the first frame of a sentence: all characters of the sentence, with times from the start of the frame. */
  sentence?: readonly SpokenCharacter[];
  /** Index of the dialogue line that is spoken, where there are lines. */
  line?: number;
}

/** In milliseconds. */
export interface FrameLengths {
  shortest: number;
  longest: number;
}

/** One constant sound in frames that are the same to the bit. */
export const IDENTICAL_FRAMES: FrameLengths = { shortest: 200, longest: 200 };
const CONSTANT_SAMPLE = 4_000;
export const constantSound = (pcm: Int16Array): Int16Array => new Int16Array(pcm.length).fill(CONSTANT_SAMPLE);

const SPEECH_FRAMES: FrameLengths = { shortest: 30, longest: 230 };

/** Cuts speech into frames of irregular length. The last takes the characters that are left. */
export function* cutFrames(
  pcm: Int16Array,
  rateHz: number,
  characters: readonly SpokenCharacter[],
  random: Random,
  { shortest, longest }: FrameLengths = SPEECH_FRAMES,
): Generator<SpokenFrame> {
  let next = 0;
  for (let from = 0; from < pcm.length;) {
    const to = Math.min(pcm.length, from + integerBetween(random, (shortest * rateHz) / 1000, (longest * rateHz) / 1000));
    const startMs = (from * 1000) / rateHz;
    const endMs = to === pcm.length ? Infinity : (to * 1000) / rateHz;
    const first = next;
    while (next < characters.length && startsBefore(characters[next], endMs)) next += 1;
    yield {
      pcm: pcm.subarray(from, to),
      durationMs: ((to - from) * 1000) / rateHz,
      ...(from === 0 && { sentence: characters }),
      characters: characters.slice(first, next).map(({ char, startMs: charStartMs, endMs: charEndMs }) => ({
        char,
        startMs: Math.max(0, charStartMs - startMs),
        endMs: Math.max(0, charEndMs - startMs),
      })),
    };
    from = to;
  }
}

function startsBefore(character: SpokenCharacter | undefined, endMs: number): boolean {
  return character !== undefined && character.startMs < endMs;
}
