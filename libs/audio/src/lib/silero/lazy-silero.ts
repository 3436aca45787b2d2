import { assertSileroWindow, SILERO_WINDOW_SAMPLES, type SileroStream } from './silero-stream';

/**
 * How many of the windows passed over are heard after all, so that the model knows what the sound came out of. With four, every recording
 * gives the same turns as if all had been heard.
 */
const KEPT_WINDOWS = 4;

/**
 * A detector that need not hear everything: windows that nobody asks about are passed over at the cost of a copy. Before the next one that
 * is asked about, the model catches up with the last few of them (at most four: about a tenth of a millisecond). Each window is run once at
 * most, so that it never costs more than hearing them all.
 */
export class LazySilero implements SileroStream {
  private readonly kept = Array.from({ length: KEPT_WINDOWS }, () => new Float32Array(SILERO_WINDOW_SAMPLES));
  /** Windows passed over since the last one heard. */
  private passed = 0;

  constructor(private readonly stream: SileroStream) {}

  /**
   * The next window is not asked about.
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
