/** One block of 20 ms of the page's audio: RMS of samples in -1..1. */
export interface Block {
  /** When it began, on the AudioContext's clock: the same for both ears. */
  readonly atMs: number;
  /** What went to the speaker. */
  readonly played: number;
  /** What came from the microphone, before the page did anything with it. */
  readonly captured: number;
  /** The samples themselves, where the test asked for them. */
  readonly samples?: { readonly played: Float32Array; readonly captured: Float32Array };
}

/** Something the visitor saw or did. `atMs` is on the AudioContext's clock. */
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
