import { joinSegments, type SequenceEvent, type SequenceUpdate, type UtteranceSequence } from './utterance-sequence';

interface Entry<U> {
  utterance: U;
  isEnded: boolean;
  segments: string[];
  /** Number of parts of speech whose start the vendor announced. */
  started: number;
  /** Number of those parts whose end the vendor announced. */
  stopped: number;
  /** Number of results that came before the flush. */
  before: number;
}

/**
 * Assigns the results of the legacy socket. They carry no index, so only one utterance at a time is sent. The voice activity detection of
 * the vendor may split it into several results. It is complete with the first result after the flush by which every announced part of
 * speech has its result.
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
      // An announced end without a start is ignored.
      else if (entry.stopped < entry.started) entry.stopped += 1;
      return { utterance: entry.utterance, text: joinSegments(entry.segments), isComplete: false };
    }
    // A result that follows the answer to the flush and has the same text is a repetition by the vendor.
    const isRepeated = isComplete(entry) && entry.segments.at(-1) === event.text;
    if (!isRepeated) entry.segments.push(event.text);
    return { utterance: entry.utterance, text: joinSegments(entry.segments), isComplete: isComplete(entry) };
  }
}

function isComplete<U>(entry: Entry<U>): boolean {
  return entry.isEnded && entry.segments.length > entry.before && entry.segments.length >= entry.started;
}
