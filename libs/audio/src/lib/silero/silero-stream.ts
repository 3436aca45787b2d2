/** Samples of 16 kHz audio per window (32 ms). */
export const SILERO_WINDOW_SAMPLES = 512;

/** The model sees the end of the window before, and the end of its own window mirrored. */
export const SILERO_CONTEXT_SAMPLES = 64;

/** The Silero detector on one stream of 16 kHz audio: it remembers what it heard. Holds no resources; allocates nothing per window. */
export interface SileroStream {
  /**
   * The probability (0..1) that there is speech in the next window.
   * @param window 512 samples of -1..1, following the ones of the last call without a gap. Not kept.
   * @throws RangeError on another length.
   */
  process(window: Float32Array): number;

  /** Forgets the stream: the next window begins a new one. */
  reset(): void;
}

/** @throws RangeError when a window has another length than `SILERO_WINDOW_SAMPLES`. */
export function assertSileroWindow(window: Float32Array): void {
  if (window.length !== SILERO_WINDOW_SAMPLES) throw new RangeError(`a window has ${SILERO_WINDOW_SAMPLES} samples, not ${window.length}`);
}
