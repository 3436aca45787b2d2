import type { ProviderInfo } from './provider-info';

export interface SttOptions {
  /** BCP-47, e.g. `en-IN`; left out, the vendor detects it. */
  language?: string;
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
   * True when the final is empty because the vendor heard speech and sent no result for it: there were no words in it, or the result was
   * lost. Left out, never.
   */
  readonly isInDoubt?: boolean;
  /** Consumed once. */
  readonly transcripts: AsyncIterable<Transcript>;
}

/** The recogniser of one conversation: keeps its vendor connection open between utterances. */
export interface SttSession {
  /**
   * Begins an utterance. At most one takes audio at a time: beginning another discards one that has not been ended; one that has still gets
   * its final. Never throws: failures surface in `transcripts`.
   */
  utterance(signal: AbortSignal): SttUtterance;
  /** Ends everything that is open. Idempotent; resolves when the vendor connection is gone. */
  close(): Promise<void>;
}

export interface SpeechToText {
  readonly info: ProviderInfo;
  /** Starts connecting in the background (so that the first utterance does not wait); never throws. Aborting `signal` is the same as `close()`. */
  open(options: SttOptions, signal: AbortSignal): SttSession;
}
