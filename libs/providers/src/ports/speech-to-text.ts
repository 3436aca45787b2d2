import type { ProviderInfo } from './provider-info';
import type { UsageMeter } from './usage-meter';

export interface SttOptions {
  /** Language as a BCP-47 tag, e.g. `en-IN`. If it is left out, the vendor detects it. */
  language?: string;
  /** Counts what is used, where the vendor is asked. Adapters do not see it. */
  meter?: UsageMeter;
}

/** What has been recognised of one utterance so far. `text` is cumulative and may be rewritten until `isFinal`. */
export interface Transcript {
  text: string;
  isFinal: boolean;
}

/**
 * One utterance. Audio goes in through `push`; `transcripts` yields any number of partials and then exactly one final, and ends.
 * The final comes after `end()`. An abort of the utterance's signal ends `transcripts` without a final and without an error;
 * a failure makes it throw `ProviderError`.
 */
export interface SttUtterance {
  /** PCM s16 mono 16 kHz, any length; the buffer is copied or encoded before the call returns. A no-op after `end` or an abort. */
  push(pcm: Int16Array): void;
  /** No more audio: finalise now. Idempotent. */
  end(): void;
  /**
   * True if the final is empty because the vendor detected speech but sent no result for it. Either the speech contained no words, or the
   * result was lost. If it is left out, this never happens.
   */
  readonly isInDoubt?: boolean;
  /** The transcripts of the utterance. They can be consumed only once. */
  readonly transcripts: AsyncIterable<Transcript>;
}

/** The recogniser of one conversation: keeps its vendor connection open between utterances. */
export interface SttSession {
  /**
   * Begins an utterance. Only one utterance at a time accepts audio: beginning another one discards an utterance that has not been ended,
   * while one that has been ended still gets its final. Never throws: failures are reported by `transcripts`.
   */
  utterance(signal: AbortSignal): SttUtterance;
  /** Ends all open utterances. Idempotent. Resolves when the connection to the vendor is closed. */
  close(): Promise<void>;
}

export interface SpeechToText {
  readonly info: ProviderInfo;
  /** Starts connecting in the background (so that the first utterance does not wait); never throws. Aborting `signal` is the same as `close()`. */
  open(options: SttOptions, signal: AbortSignal): SttSession;
}
