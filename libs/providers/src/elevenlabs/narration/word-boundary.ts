import type { FrameAlignment } from './frame-alignment';
import type { Anchor, TextMatcher } from './text-matcher';
import { nextBreak } from './word-breaks';

/** A place in the audio before which exactly the text before `position` is spoken. */
export interface Boundary {
  position: number;
  atMs: number;
  /** Time between the end of the word before it and this place. */
  pauseMs: number;
}

/** What is known of the audio so far. */
export interface Heard {
  /** The characters that were found behind the boundary. */
  anchors: readonly Anchor[];
  arrivedMs: number;
  text: string;
  /** Position up to which the text was sent. */
  sentTo: number;
}

/** A word may begin slightly earlier than the vendor says. */
const LEAD_MS = 15;
const ROUNDING_MS = 20;
/** Times are whole milliseconds. */
const PRECISION_MS = 2;
/** The longest punctuation in front of a word that is looked for. */
const LONGEST_OPENING = 8;

/**
 * The last place in the audio that is known to lie between two words. It never moves back. A place is known if a word begins there: then
 * everything before it has been spoken, even if the vendor has aligned it in other words or not at all. The end of a word is known if the
 * vendor aligns everything.
 */
export class WordBoundary {
  #last: Boundary;
  #hasMoved = false;

  constructor(
    private readonly matcher: TextMatcher,
    private readonly alignment: FrameAlignment,
    position: number,
  ) {
    this.#last = { position, atMs: 0, pauseMs: Infinity };
  }

  get last(): Boundary {
    return this.#last;
  }

  /** False until the first word has ended. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  advance(heard: Heard): void {
    this.#toBeginning(heard);
    this.#toEnd(heard);
  }

  #toBeginning({ anchors, arrivedMs, text }: Heard): void {
    const index = anchors.findLastIndex((anchor, at) => this.#beginsWord(anchor, anchors[at - 1], arrivedMs));
    const anchor = anchors[index];
    if (!anchor) return;
    const wordEndMs = anchors[index - 1]?.endMs ?? this.#last.atMs - this.#last.pauseMs;
    const atMs = Math.min(Math.max(wordEndMs, 0, anchor.startMs - LEAD_MS), arrivedMs);
    this.#move(anchor.position - this.#openingBefore(anchor.position, text), atMs, wordEndMs);
  }

  #beginsWord({ position, startMs, isSure }: Anchor, before: Anchor | undefined, arrivedMs: number): boolean {
    if (!isSure || startMs - LEAD_MS > arrivedMs || position <= this.#last.position) return false;
    if (before && before.endMs > startMs + ROUNDING_MS) return false;
    return this.matcher.startsWord(position);
  }

  /** Returns the number of characters before a word that belong to it, such as a bracket. */
  #openingBefore(position: number, text: string): number {
    const from = Math.max(this.#last.position, position - LONGEST_OPENING);
    const opening = /[^\s]*$/u.exec(text.slice(from, position))?.[0] ?? '';
    return this.matcher.hasGivenWithin(position - opening.length, position) ? 0 : opening.length;
  }

  #toEnd({ anchors, arrivedMs, text, sentTo }: Heard): void {
    const { isUpToDate, lastEndMs, lastCharacter } = this.alignment;
    const last = anchors.at(-1);
    if (!last?.isSure || !isUpToDate || this.matcher.leavesOut || lastEndMs > arrivedMs + PRECISION_MS) return;
    const end = Math.min(nextBreak(text, last.position), sentTo);
    // The punctuation at the end of a word may have a pause of its own.
    const isOver = /^\s?$/u.test(lastCharacter) || text.slice(last.position, end).trimEnd().endsWith(lastCharacter);
    if (isOver && !this.matcher.hasGivenWithin(last.position + 1, end)) this.#move(end, arrivedMs, last.endMs);
  }

  #move(position: number, atMs: number, wordEndMs: number): void {
    if (position <= this.#last.position) return;
    this.#last = { position, atMs: Math.max(atMs, this.#last.atMs), pauseMs: atMs - wordEndMs };
    this.#hasMoved = true;
  }
}
