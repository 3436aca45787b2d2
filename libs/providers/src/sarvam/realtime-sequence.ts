import { joinSegments, type SequenceEvent, type SequenceUpdate, type UtteranceSequence } from './utterance-sequence';

/** The results of one `utterance_idx` of the vendor. */
interface Segment {
  finals: string[];
  partial: string;
}

interface Entry<U> {
  utterance: U;
  isEnded: boolean;
  /** The index that the utterance gets if the vendor splits no utterance before it. */
  firstIndex: number;
  segments: Map<number, Segment>;
}

/**
 * Assigns the results of the realtime socket. They carry the vendor's `utterance_idx`, which counts what the vendor considers utterances:
 * usually one of ours, sometimes a part of one. An index belongs to the utterance for which it was first seen, so a late result or a
 * repeated final does not reach the next utterance.
 */
export class RealtimeSequence<U extends object> implements UtteranceSequence<U> {
  #entries: Entry<U>[] = [];
  #lastForgottenIndex = -1;

  begin(utterance: U): void {
    const firstIndex = 1 + Math.max(this.#lastForgottenIndex, ...this.#entries.map(lastIndex));
    this.#entries.push({ utterance, isEnded: false, firstIndex, segments: new Map() });
  }

  end(utterance: U): void {
    const entry = this.#entryOf(utterance);
    if (entry) entry.isEnded = true;
  }

  forget(utterance: U): void {
    const entry = this.#entryOf(utterance);
    if (!entry) return;
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#lastForgottenIndex = Math.max(this.#lastForgottenIndex, lastIndex(entry));
  }

  settled(utterance: U): string | undefined {
    const entry = this.#entryOf(utterance);
    return entry && entry.segments.size > 0 && !isWaiting(entry) ? textOf(entry) : undefined;
  }

  /** The voice activity detection of the vendor is off, because the vendor is told where an utterance ends. */
  fallenSilent(): undefined {
    return undefined;
  }

  accept(event: SequenceEvent): SequenceUpdate<U> | undefined {
    if (event.type === 'speech') return undefined;
    const entry = this.#ownerOf(event.index);
    if (!entry) return undefined;
    const segment = entry.segments.get(event.index) ?? { finals: [], partial: '' };
    entry.segments.set(event.index, segment);
    if (event.type === 'partial') {
      // A partial that arrives after its final is late and is ignored.
      if (segment.finals.length > 0) return undefined;
      segment.partial = event.text;
    } else {
      segment.partial = '';
      // The vendor sometimes repeats a final.
      if (segment.finals.at(-1) !== event.text) segment.finals.push(event.text);
    }
    const isComplete = event.type === 'final' && entry.isEnded && !isWaiting(entry);
    return { utterance: entry.utterance, text: textOf(entry), isComplete };
  }

  #entryOf(utterance: U): Entry<U> | undefined {
    return this.#entries.find((entry) => entry.utterance === utterance);
  }

  #ownerOf(index: number): Entry<U> | undefined {
    const owner = this.#entries.find((entry) => entry.segments.has(index));
    if (owner) return owner;
    if (index <= this.#lastForgottenIndex) return undefined;
    // A new index is a further part of the latest utterance that may have reached this index.
    const taker = this.#entries.findLast((entry) => entry.firstIndex <= index) ?? this.#entries.at(0);
    if (!taker) this.#lastForgottenIndex = index;
    return taker;
  }
}

function lastIndex<U>(entry: Entry<U>): number {
  return Math.max(entry.firstIndex, ...entry.segments.keys());
}

/** Returns true if a segment has been seen but has no final. */
function isWaiting<U>(entry: Entry<U>): boolean {
  return [...entry.segments.values()].some((segment) => segment.finals.length === 0);
}

function textOf<U>(entry: Entry<U>): string {
  const inOrder = [...entry.segments].sort(([a], [b]) => a - b);
  return joinSegments(inOrder.flatMap(([, segment]) => [...segment.finals, segment.partial]));
}
