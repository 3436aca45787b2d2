import { Fft } from './fft';

const SIZE = 256;
const HOP = 128;
const BINS = SIZE / 2 + 1;

/** Magnitudes of Hann-windowed 256-point spectra, one every 128 samples. Holds its own scratch memory. */
export class Stft {
  /** Values per spectrum. */
  static readonly bins = BINS;

  /** Spectrum after spectrum: `frames * bins` magnitudes, written anew by each `process`. */
  readonly output: Float32Array;
  private readonly fft = new Fft(SIZE);
  private readonly window = Float64Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));
  private readonly real = new Float64Array(SIZE);
  private readonly imaginary = new Float64Array(SIZE);

  /** `frames` is even: spectra are made in pairs. */
  constructor(private readonly frames: number) {
    this.output = new Float32Array(frames * BINS);
  }

  /** Samples that `frames` spectra cover. */
  get inputSamples(): number {
    return SIZE + (this.frames - 1) * HOP;
  }

  /** `samples` has `inputSamples` elements. Gives `output`. */
  process(samples: Float32Array): Float32Array {
    for (let frame = 0; frame < this.frames; frame += 2) this.processPair(samples, frame);
    return this.output;
  }

  /** One complex transform makes two real ones: this frame goes in as the real part, the next as the imaginary part. */
  private processPair(samples: Float32Array, frame: number): void {
    const { real, imaginary, window, output } = this;
    const first = frame * HOP;
    for (let i = 0; i < SIZE; i++) {
      real[i] = samples[first + i] * window[i];
      imaginary[i] = samples[first + HOP + i] * window[i];
    }
    this.fft.transform(real, imaginary);
    for (let bin = 0; bin < BINS; bin++) {
      // A real signal's spectrum is symmetric: the sums and differences with the mirrored bin take the two apart again.
      const mirror = (SIZE - bin) % SIZE;
      output[frame * BINS + bin] = magnitude(real[bin] + real[mirror], imaginary[bin] - imaginary[mirror]) / 2;
      output[(frame + 1) * BINS + bin] = magnitude(imaginary[bin] + imaginary[mirror], real[mirror] - real[bin]) / 2;
    }
  }
}

/** `Math.hypot` guards against overflow, which cannot happen here, at many times the cost. */
function magnitude(real: number, imaginary: number): number {
  return Math.sqrt(real * real + imaginary * imaginary);
}
