import type { CharacterAlignment } from '../../ports/text-to-speech';
import { type Anchor, bareOf, type HeardCharacter, type TextMatcher } from './text-matcher';

/** Because of rounding, times may differ by this much. */
const ROUNDING_MS = 20;
/** A character that begins this much earlier than the one before it shows that the times are wrong. */
const STEP_BACK_MS = 40;

/** A frame of audio by its place in the audio of a connection. */
export interface FrameSpan {
  startMs: number;
  durationMs: number;
}

/**
 * Reads the alignments of the frames of one connection. Times may count from the start of their frame or of the connection, which differs
 * between the vendor's models, and a frame may repeat the characters of earlier ones. The result is the position in the given text and the
 * time from the start of the connection for every new character. Times that contradict each other are replaced by an estimate.
 */
export class FrameAlignment {
  #origin: 'frame' | 'connection' | undefined;
  #lastEndMs = 0;
  #isBehindHole = false;
  #lastCharacter = '';
  #isUpToDate = true;

  constructor(private readonly matcher: TextMatcher) {}

  /** True if everything up to the end of the last frame is aligned and was found in the text. */
  get isUpToDate(): boolean {
    return this.#isUpToDate;
  }

  /** The last character that was aligned, whatever it is. */
  get lastCharacter(): string {
    return this.#lastCharacter;
  }

  /** The end of that character in milliseconds from the start of the connection. */
  get lastEndMs(): number {
    return this.#lastEndMs;
  }

  /** Records a frame without an alignment. */
  missing(): void {
    this.#isBehindHole = true;
    this.#isUpToDate = false;
  }

  read(alignment: CharacterAlignment, frame: FrameSpan): Anchor[] {
    const all = characters(alignment);
    this.#lastCharacter = Array.from(alignment.chars.at(-1) ?? '').at(-1) ?? '';
    const repeated = this.matcher.repeated(all.flatMap(({ bare }) => (bare === '' ? [] : [bare])));
    const fresh = this.#timed(behind(all, repeated), frame);
    const anchors = this.matcher.place(fresh, this.#isBehindHole);
    this.#lastEndMs = Math.max(this.#lastEndMs, fresh.at(-1)?.endMs ?? 0);
    this.#isBehindHole = false;
    const isNew = anchors.length > 0 || (this.#isUpToDate && !fresh.some(({ bare }) => bare !== ''));
    this.#isUpToDate = isNew && !this.matcher.isWaiting;
    return anchors;
  }

  #timed(heard: HeardCharacter[], frame: FrameSpan): HeardCharacter[] {
    const [first] = heard;
    if (!first) return [];
    const offsetMs = this.#offset(first.startMs, frame);
    const isOrdered = heard.every(({ startMs }, index) => startMs >= (heard[index - 1]?.startMs ?? startMs) - STEP_BACK_MS);
    if (offsetMs === undefined || !isOrdered) return spread(heard, frame);
    let atMs = this.#lastEndMs;
    return heard.map((character) => {
      const startMs = Math.max(character.startMs + offsetMs, atMs);
      atMs = startMs;
      return { ...character, startMs, endMs: Math.max(character.endMs + offsetMs, startMs) };
    });
  }

  /** Returns what must be added to the times of a frame, or undefined if they fit neither origin. */
  #offset(firstMs: number, frame: FrameSpan): number | undefined {
    const within = (ms: number) => ms >= -ROUNDING_MS && ms <= frame.durationMs + ROUNDING_MS;
    const fitsFrame = within(firstMs);
    const fitsConnection = within(firstMs - frame.startMs);
    if (!fitsFrame && !fitsConnection) return undefined;
    if (fitsFrame !== fitsConnection) this.#origin = fitsFrame ? 'frame' : 'connection';
    const nearer = Math.abs(firstMs - this.#lastEndMs) < Math.abs(firstMs + frame.startMs - this.#lastEndMs) ? 'connection' : 'frame';
    return (this.#origin ?? nearer) === 'frame' ? frame.startMs : 0;
  }
}

/** Returns the characters of an alignment one by one. An entry may hold several, which share its time. */
function characters({ chars, startMs, durationMs }: CharacterAlignment): HeardCharacter[] {
  return chars.flatMap((entry, index) => {
    const parts = Array.from(entry);
    const stepMs = (durationMs[index] ?? 0) / parts.length;
    const fromMs = startMs[index] ?? 0;
    return parts.map((part, at) => ({
      bare: bareOf(part),
      startMs: fromMs + at * stepMs,
      endMs: fromMs + (at + 1) * stepMs,
      isSure: true,
    }));
  });
}

/** Returns what follows the first `count` letters and digits. */
function behind(all: HeardCharacter[], count: number): HeardCharacter[] {
  let left = count;
  const index = all.findIndex(({ bare }) => bare !== '' && left-- === 0);
  return count === 0 ? all : index < 0 ? [] : all.slice(index);
}

/** Spreads the characters evenly over the frame in which they were sent. */
function spread(heard: readonly HeardCharacter[], { startMs, durationMs }: FrameSpan): HeardCharacter[] {
  const stepMs = durationMs / heard.length;
  return heard.map(({ bare }, index) => ({
    bare,
    startMs: startMs + index * stepMs,
    endMs: startMs + (index + 1) * stepMs,
    isSure: false,
  }));
}
