import { assertSileroWindow, SILERO_WINDOW_SAMPLES, type SileroStream } from './silero-stream';

/**
 * How many of the skipped windows are processed after all, so that the model knows what came before the sound. With four, every recording
 * gives the same turns as if all had been processed.
 */
const KEPT_WINDOWS = 4;

/**
 * A detector that skips windows: those that nobody asks about cost only a copy. Before the next one that
 * is asked about, the model processes the last few skipped ones (at most four: about a tenth of a millisecond). Each window is processed
 * at most once, so this never costs more than processing all of them.
 */
export class LazySilero implements SileroStream {
  private readonly kept = Array.from({ length: KEPT_WINDOWS }, () => new Float32Array(SILERO_WINDOW_SAMPLES));
  /** Windows skipped since the last one that was processed. */
  private passed = 0;

  constructor(private readonly stream: SileroStream) {}

  /**
   * Skips the next window, about which nobody asks.
   * @param window as for `process`; copied.
   */
  passOver(window: Float32Array): void {
    assertSileroWindow(window);
    this.kept[this.passed++ % KEPT_WINDOWS].set(window);
  }

  process(window: Float32Array): number {
    for (let i = Math.max(0, this.passed - KEPT_WINDOWS); i < this.passed; i++) this.stream.process(this.kept[i % KEPT_WINDOWS]);
    this.passed = 0;
    return this.stream.process(window);
  }

  reset(): void {
    this.stream.reset();
    this.passed = 0;
  }
}
