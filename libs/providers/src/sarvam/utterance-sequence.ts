/** The text of one utterance so far. `isComplete` is true if no further result is expected, as far as that can be known. */
export interface SequenceUpdate<U> {
  utterance: U;
  text: string;
  isComplete: boolean;
}

/** A result or a signal from the vendor. */
export type SequenceEvent =
  { type: 'partial'; index: number; text: string } | { type: 'final'; index: number; text: string } | { type: 'speech'; started: boolean };

/** Decides which utterance a result belongs to, and when an utterance is complete. Utterances are sent one after the other. */
export interface UtteranceSequence<U extends object> {
  /** Records that the utterance has begun on the connection. */
  begin(utterance: U): void;
  /** Records that the vendor was asked for the final of the utterance. */
  end(utterance: U): void;
  /** Records that the utterance is over. Later results for it are dropped. */
  forget(utterance: U): void;
  accept(event: SequenceEvent): SequenceUpdate<U> | undefined;
  /** Returns the text of an utterance if every part of it has its final, or undefined while a final is missing or no part was seen. */
  settled(utterance: U): string | undefined;
  /**
   * Returns the text so far of an utterance in which the vendor detects no more speech, or undefined while it detects some or does not
   * report that.
   */
  fallenSilent(utterance: U): string | undefined;
}

/** Joins the segments into which the vendor split an utterance. */
export function joinSegments(segments: readonly string[]): string {
  return segments
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '')
    .join(' ');
}
