/** A text that a client asked to have spoken. */
export interface SpeechRecord {
  readonly endpoint: string;
  /** The vendor's request id, over HTTP; there it is also the header `request-id`. */
  readonly requestId?: string;
  /** On the sockets with several contexts. */
  readonly contextId?: string;
  readonly model: string;
  /** The vendor's ids of the voices, one for each line. */
  readonly voiceIds: readonly string[];
  /** As the client wrote it; the lines of a dialogue one behind the other. */
  readonly text: string;
  readonly characters: number;
  /** The text around it that the client gave, to be heard and not to be spoken. */
  readonly previousText?: string;
  readonly nextText?: string;
  readonly seed?: number;
  /** `open` until all audio was sent, or until the client or a fault ended it. */
  readonly state: 'open' | 'complete' | 'aborted';
}

const MOST_RECORDS = 1000;
const MOST_CHARACTERS = 2_000_000;

/** The writable side: the last texts in full, oldest first, and the characters by endpoint since the start. */
export class SpeechLog {
  readonly records: SpeechRecord[] = [];
  readonly characters: Record<string, number> = {};
  #kept = 0;

  /** Records a text that is billed. To be settled once. */
  add(record: Omit<SpeechRecord, 'state' | 'characters'>): { settle(state: 'complete' | 'aborted'): void } {
    const length = record.text.length;
    const entry: { -readonly [K in keyof SpeechRecord]: SpeechRecord[K] } = { ...record, characters: length, state: 'open' };
    this.records.push(entry);
    this.characters[record.endpoint] = (this.characters[record.endpoint] ?? 0) + length;
    this.#kept += length;
    // A simulator that runs for days must not grow.
    while (this.records.length > MOST_RECORDS || (this.#kept > MOST_CHARACTERS && this.records.length > 1)) {
      this.#kept -= this.records.shift()?.characters ?? 0;
    }
    return {
      settle: (state) => {
        if (entry.state === 'open') entry.state = state;
      },
    };
  }
}
