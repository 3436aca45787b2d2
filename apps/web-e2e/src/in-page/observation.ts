/** One block of 20 ms of the page's audio: RMS of samples in -1..1. */
export interface Block {
  /** When the block began, on the AudioContext's clock, the same for played and captured audio. */
  readonly atMs: number;
  /** Sample rate of the AudioContext. */
  readonly rateHz: number;
  /** RMS of what went to the speaker. */
  readonly played: number;
  /** RMS of what came from the microphone, before the page processed it. */
  readonly captured: number;
  /** The samples themselves, if the test asked for them. */
  readonly samples?: { readonly played: Float32Array; readonly captured: Float32Array };
}

/** A change that the visitor saw, or a click. `atMs` is on the AudioContext's clock. */
export type PageEvent =
  | { readonly kind: 'state'; readonly atMs: number; readonly state: string; readonly words: string }
  | { readonly kind: 'reply'; readonly atMs: number; readonly turn: number; readonly text: string }
  | { readonly kind: 'click'; readonly atMs: number; readonly testId: string };

/** What the init script leaves in the page for the tests. */
export interface Observation {
  /** Of the newest AudioContext, oldest first. */
  readonly blocks: Block[];
  readonly pageEvents: PageEvent[];
  /** Every stream that getUserMedia gave to the page. */
  readonly streams: MediaStream[];
}

declare global {
  interface Window {
    observation: Observation;
  }
}

/** Length of a `Block`. */
export const BLOCK_MS = 20;
