const PIECE_MS = 100;
const PIECE_SAMPLES = PIECE_MS * 16;
const SAMPLES_PER_MS = 16;
/** Audio of a client that is alive may be late by this much; silence in the middle of its words would tear them apart. */
const LATE_AFTER_MS = 600;

/**
 * Sends silence in real time while no audio comes: the agent ends a turn by the silence it hears, and the vendor hangs up after a minute
 * without any audio. Stopped by its owner.
 */
export class SilenceFiller {
  readonly #silence = new Int16Array(PIECE_SAMPLES);
  #timer: NodeJS.Timeout | undefined;
  /** When all audio that was pushed will have been spoken. */
  #heardUntilMs = performance.now();

  constructor(private readonly send: (pcm: Int16Array) => void) {}

  start(): void {
    this.#heardUntilMs = performance.now();
    this.#timer ??= setInterval(() => this.#tick(), PIECE_MS);
  }

  /** Real audio has gone out. */
  heard(samples: number): void {
    this.#heardUntilMs = Math.max(this.#heardUntilMs, performance.now()) + samples / SAMPLES_PER_MS;
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    if (performance.now() - this.#heardUntilMs >= LATE_AFTER_MS) this.send(this.#silence);
  }
}
