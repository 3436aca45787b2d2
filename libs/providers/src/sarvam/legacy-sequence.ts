import { joinSegments, type SequenceEvent, type SequenceUpdate, type UtteranceSequence } from './utterance-sequence';

interface Entry<U> {
  utterance: U;
  isEnded: boolean;
  segments: string[];
  /** Stretches of speech that the vendor announced. */
  started: number;
  /** Those of them that it said were over. */
  stopped: number;
  /** Results that came before the flush. */
  before: number;
}

/**
 * Legacy results carry no index, and only one utterance is on the wire. The vendor's voice activity may cut it into several results; it is
 * complete with the first result after the flush by which every announced stretch of speech has been answered.
 */
export class LegacySequence<U extends object> implements UtteranceSequence<U> {
  #entry: Entry<U> | undefined;

  begin(utterance: U): void {
    this.#entry = { utterance, isEnded: false, segments: [], started: 0, stopped: 0, before: 0 };
  }

  end(utterance: U): void {
    if (this.#entry?.utterance !== utterance) return;
    this.#entry.isEnded = true;
    this.#entry.before = this.#entry.segments.length;
  }

  forget(utterance: U): void {
    if (this.#entry?.utterance === utterance) this.#entry = undefined;
  }

  settled(utterance: U): string | undefined {
    const entry = this.#entry;
    if (entry?.utterance !== utterance || entry.segments.length === 0 || entry.segments.length < entry.started) return undefined;
    return joinSegments(entry.segments);
  }

  fallenSilent(utterance: U): string | undefined {
    const entry = this.#entry;
    if (entry?.utterance !== utterance || entry.started === 0 || entry.stopped < entry.started) return undefined;
    return joinSegments(entry.segments);
  }

  accept(event: SequenceEvent): SequenceUpdate<U> | undefined {
    const entry = this.#entry;
    if (!entry) return undefined;
    if (event.type === 'speech') {
      if (event.started) entry.started += 1;
      // An end without a beginning ends nothing.
      else if (entry.stopped < entry.started) entry.stopped += 1;
      return { utterance: entry.utterance, text: joinSegments(entry.segments), isComplete: false };
    }
    // What follows the answer to the flush and says the same is the vendor repeating itself.
    const isRepeated = isComplete(entry) && entry.segments.at(-1) === event.text;
    if (!isRepeated) entry.segments.push(event.text);
    return { utterance: entry.utterance, text: joinSegments(entry.segments), isComplete: isComplete(entry) };
  }
}

function isComplete<U>(entry: Entry<U>): boolean {
  return entry.isEnded && entry.segments.length > entry.before && entry.segments.length >= entry.started;
}
