import type { ElevenLabsFault } from '../faults/fault';
import type { AlignmentStyle } from '../simulator';
import type { SpokenCharacter } from './spoken-characters';
import type { SpokenFrame } from './spoken-frames';

/** When the characters of a frame are spoken, in the vendor's format. */
export interface Alignment {
  chars: string[];
  charStartTimesMs: number[];
  charDurationsMs: number[];
}

/** The alignment fields of an audio frame; null when the frame has no alignment. */
export interface FrameAlignment {
  alignment: Alignment | null;
  normalizedAlignment: Alignment | null;
}

const NONE: FrameAlignment = { alignment: null, normalizedAlignment: null };
/** In the style `sparse` one frame in this many has an alignment. */
const SPARSE_EVERY = 3;

/** Writes the alignment of one context's frames, in order and in one of the styles that the vendor is known to use. */
export class AlignmentWriter {
  #frames = 0;
  #atMs = 0;
  #words = 0;
  #soFar: SpokenCharacter[] = [];
  #before: Alignment | null = null;

  constructor(private readonly style: AlignmentStyle) {}

  /** `fault` is the fault that applies to the frame, if any. */
  write(frame: SpokenFrame, fault: ElevenLabsFault['kind'] | undefined): FrameAlignment {
    const alignment = this.#faulty(alignmentOf(this.#styled(frame)), fault);
    this.#frames += 1;
    this.#atMs += frame.durationMs;
    this.#before = alignment ?? this.#before;
    if (alignment === null) return NONE;
    return { alignment: this.style === 'normalized-only' ? null : alignment, normalizedAlignment: alignment };
  }

  #styled(frame: SpokenFrame): readonly SpokenCharacter[] {
    const { characters, sentence } = frame;
    switch (this.style) {
      case 'none':
        return [];
      case 'sparse':
        return this.#frames % SPARSE_EVERY === 0 ? characters : [];
      case 'early':
        return sentence ?? [];
      case 'short':
        return this.#everySecondWord(characters);
      case 'absolute':
        return shifted(characters, this.#atMs);
      case 'restarting':
        this.#soFar.push(...shifted(characters, this.#atMs));
        return this.#soFar;
      case 'whole':
      case 'normalized-only':
        return characters;
    }
  }

  /** Leaves out every second word. Its time goes to the word before it, or to the word after it at the beginning of a frame. */
  #everySecondWord(characters: readonly SpokenCharacter[]): SpokenCharacter[] {
    const kept: SpokenCharacter[] = [];
    let fromMs: number | undefined;
    for (const character of characters) {
      if (/\s/.test(character.char)) this.#words += 1;
      const last = kept.at(-1);
      if (this.#words % 2 === 0) {
        kept.push({ ...character, startMs: fromMs ?? character.startMs });
        fromMs = undefined;
      } else if (last) last.endMs = character.endMs;
      else fromMs ??= character.startMs;
    }
    return kept;
  }

  #faulty(alignment: Alignment | null, fault: ElevenLabsFault['kind'] | undefined): Alignment | null {
    if (alignment === null || fault === 'missing-alignment') return null;
    if (fault === 'unordered-alignment') alignment.charStartTimesMs.reverse();
    return fault === 'overlapping-alignment' && this.#before ? repeating(this.#before, alignment) : alignment;
  }
}

/** The alignment in whole milliseconds; null when no character begins in the frame. */
function alignmentOf(characters: readonly SpokenCharacter[]): Alignment | null {
  if (characters.length === 0) return null;
  return {
    chars: characters.map(({ char }) => char),
    charStartTimesMs: characters.map(({ startMs }) => Math.round(startMs)),
    charDurationsMs: characters.map(({ startMs, endMs }) => Math.round(endMs) - Math.round(startMs)),
  };
}

const shifted = (characters: readonly SpokenCharacter[], byMs: number): SpokenCharacter[] =>
  characters.map(({ char, startMs, endMs }) => ({ char, startMs: startMs + byMs, endMs: endMs + byMs }));

/** Repeats the characters of the previous frame in front, with a duration of 0. */
function repeating(before: Alignment, { chars, charStartTimesMs, charDurationsMs }: Alignment): Alignment {
  const again = before.chars.slice(-chars.length);
  const none = again.map(() => 0);
  return { chars: [...again, ...chars], charStartTimesMs: [...none, ...charStartTimesMs], charDurationsMs: [...none, ...charDurationsMs] };
}
