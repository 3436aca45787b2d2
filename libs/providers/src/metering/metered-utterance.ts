import type { SttUtterance, Transcript } from '../ports/speech-to-text';
import type { UsageMeter } from '../ports/usage-meter';

const SAMPLES_PER_MS = 16;
/** The meter is told of so much audio at once, because frames are short and many. */
const COUNTED_MS = 500;

/** An utterance whose audio is counted. When nothing is left for it, it ends, so that what was heard until then still gets its final. */
export class MeteredUtterance implements SttUtterance {
  #uncountedSamples = 0;
  #hasEnded = false;
  readonly #count = () => this.#countAll();

  constructor(
    private readonly utterance: SttUtterance,
    private readonly meter: UsageMeter,
    private readonly signal: AbortSignal,
  ) {
    if (signal.aborted) this.#hasEnded = true;
    else signal.addEventListener('abort', this.#count, { once: true });
  }

  get isInDoubt(): boolean {
    return this.utterance.isInDoubt ?? false;
  }

  get transcripts(): AsyncIterable<Transcript> {
    return this.utterance.transcripts;
  }

  push(pcm: Int16Array): void {
    if (this.#hasEnded || this.signal.aborted) return;
    this.utterance.push(pcm);
    this.#uncountedSamples += pcm.length;
    if (this.#uncountedSamples < COUNTED_MS * SAMPLES_PER_MS) return;
    if (!this.#spend(Math.floor(this.#uncountedSamples / SAMPLES_PER_MS))) this.end();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#countAll();
    this.utterance.end();
  }

  /** Nothing more is pushed. A part of a millisecond counts as a whole one. */
  #countAll(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.signal.removeEventListener('abort', this.#count);
    this.#spend(Math.ceil(this.#uncountedSamples / SAMPLES_PER_MS));
  }

  #spend(ms: number): boolean {
    this.#uncountedSamples = Math.max(0, this.#uncountedSamples - ms * SAMPLES_PER_MS);
    return ms === 0 || this.meter.spend('recognition_ms', ms);
  }
}
