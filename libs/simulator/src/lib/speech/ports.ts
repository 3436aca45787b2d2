/** What the simulated vendors need of embedded speech: real recognition and real synthesis, out of the server's process. */

export interface RecognisedWord {
  word: string;
  startMs: number;
  endMs: number;
  /** Posterior, 0..1. */
  probability: number;
}

export interface Recognition {
  /** Lower-case words; empty when nothing was recognised. */
  text: string;
  words: RecognisedWord[];
  /** Mean word posterior, 0..1; 0 without words. */
  confidence: number;
}

/** What is recognised where nothing was said. */
export const NOTHING_HEARD: Recognition = { text: '', words: [], confidence: 0 };

/** One utterance being recognised. */
export interface RecognitionStream {
  /** PCM s16 mono 16 kHz, any length; copied before the call returns. */
  push(pcm: Int16Array): void;
  /** The words so far; changes as audio arrives. */
  readonly partial: string;
  /** No more audio. Rejects when the recogniser died (and has been replaced) or the utterance took too long. */
  end(): Promise<Recognition>;
  /** Gives the recogniser back without a result. Idempotent; also after `end`. */
  cancel(): void;
}

/** A pool of recognisers in child processes. */
export interface Recogniser {
  /** Leases a recogniser (or queues for one; audio is kept meanwhile). `session` prefers the process it had before. */
  open(session: string): RecognitionStream;
  /** Resolves when the first process can take an utterance; rejects with plain words when it never will. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export interface SpokenWord {
  word: string;
  startMs: number;
  endMs: number;
}

export interface SynthesisedSpeech {
  sampleRateHz: number;
  /** Mono; leading silence already cut to about 30 ms before the first word. */
  pcm: Int16Array;
  words: SpokenWord[];
}

export interface Synthesiser {
  /** Speaks one sentence or a few. Rejects on abort (with the signal's reason) or when the process died. */
  speak(text: string, voice: string, signal: AbortSignal): Promise<SynthesisedSpeech>;
  readonly ready: Promise<void>;
  close(): Promise<void>;
}
