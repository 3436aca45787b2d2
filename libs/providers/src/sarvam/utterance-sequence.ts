/** The text of one utterance so far; `isComplete` when the vendor owes nothing more for it, as far as can be known. */
export interface SequenceUpdate<U> {
  utterance: U;
  text: string;
  isComplete: boolean;
}

/** A result or a hint off the wire. */
export type SequenceEvent =
  { type: 'partial'; index: number; text: string } | { type: 'final'; index: number; text: string } | { type: 'speech'; started: boolean };

/** Decides which utterance a result belongs to and when an utterance is complete. Utterances go on the wire one after the other. */
export interface UtteranceSequence<U extends object> {
  /** The utterance is on the wire. */
  begin(utterance: U): void;
  /** The vendor has been asked for its final. */
  end(utterance: U): void;
  /** It is over: results that still come for it are nobody's. */
  forget(utterance: U): void;
  accept(event: SequenceEvent): SequenceUpdate<U> | undefined;
  /** The text of an utterance whose every part has its final; undefined while one is owed, or none was seen. */
  settled(utterance: U): string | undefined;
  /** The text so far of an utterance in which the vendor says it hears no more speech; undefined while it hears some, or does not say. */
  fallenSilent(utterance: U): string | undefined;
}

/** Joins the segments a vendor cut an utterance into. */
export function joinSegments(segments: readonly string[]): string {
  return segments
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '')
    .join(' ');
}
