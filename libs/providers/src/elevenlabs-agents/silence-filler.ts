const PIECE_MS = 100;
const PIECE_SAMPLES = PIECE_MS * 16;
const SAMPLES_PER_MS = 16;
/** Audio of a working client may be late by this much. Silence within a word would damage the word, so none is sent before. */
const LATE_AFTER_MS = 600;

/**
 * Sends silence in real time while no audio arrives. The agent needs silence to notice the end of a turn, and the vendor ends a
 * conversation after a minute without audio. The filler is stopped by its owner.
 */
export class SilenceFiller {
  readonly #silence = new Int16Array(PIECE_SAMPLES);
  #timer: NodeJS.Timeout | undefined;
  /** The time at which all audio that was pushed will have been spoken. */
  #heardUntilMs = performance.now();

  constructor(private readonly send: (pcm: Int16Array) => void) {}

  start(): void {
    this.#heardUntilMs = performance.now();
    this.#timer ??= setInterval(() => this.#tick(), PIECE_MS);
  }

  /** Records that this many samples of real audio were sent. */
  heard(samples: number): void {
    this.#heardUntilMs = Math.max(this.#heardUntilMs, performance.now()) + samples / SAMPLES_PER_MS;
  }

  /** Stops sending silence. Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    if (performance.now() - this.#heardUntilMs >= LATE_AFTER_MS) this.send(this.#silence);
  }
}
