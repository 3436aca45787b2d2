/** A second-order filter: `y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''`. */
export interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** The corner, slope and gain of the analogue filters behind the table of BS.1770-4, which gives coefficients for 48 kHz only. */
const SHELF = { cornerHz: 1681.974450955533, quality: 0.7071752369554196, gainDb: 3.999843853973347, middle: 0.4996667741545416 };
const HIGH_PASS = { cornerHz: 38.13547087602444, quality: 0.5003270373238773 };
/** What is left in the filters below this is set to 0: arithmetic with the smallest numbers is many times slower. */
const NEGLIGIBLE = 1e-20;

/** The first filter of K-weighting, which stands for the head: about 4 dB more from 1.7 kHz on. Bilinear transform. */
export function headFilter(sampleRateHz: number): Biquad {
  const { cornerHz, quality, gainDb, middle } = SHELF;
  const k = Math.tan((Math.PI * cornerHz) / sampleRateHz);
  const high = 10 ** (gainDb / 20);
  const band = high ** middle;
  const scale = 1 / (1 + k / quality + k * k);
  return {
    b0: (high + (band * k) / quality + k * k) * scale,
    b1: 2 * (k * k - high) * scale,
    b2: (high - (band * k) / quality + k * k) * scale,
    a1: 2 * (k * k - 1) * scale,
    a2: (1 - k / quality + k * k) * scale,
  };
}

/** The second filter of K-weighting: a high-pass at 38 Hz. The numerator is not scaled, as in the recommendation. */
export function lowCutFilter(sampleRateHz: number): Biquad {
  const { cornerHz, quality } = HIGH_PASS;
  const k = Math.tan((Math.PI * cornerHz) / sampleRateHz);
  const scale = 1 / (1 + k / quality + k * k);
  return { b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) * scale, a2: (1 - k / quality + k * k) * scale };
}

/** K-weighting of one channel (ITU-R BS.1770-4), for any sample rate. Holds the state of a stream. */
export class KWeighting {
  readonly #head: Biquad;
  readonly #lowCut: Biquad;
  #head1 = 0;
  #head2 = 0;
  #low1 = 0;
  #low2 = 0;

  constructor(sampleRateHz: number) {
    this.#head = headFilter(sampleRateHz);
    this.#lowCut = lowCutFilter(sampleRateHz);
  }

  /** The sum of the squares of the weighted samples from `from` up to `to`, in squared steps of 16 bits. The next call goes on behind `to`. */
  sumOfSquares(pcm: Int16Array, from: number, to: number): number {
    // Both in the transposed direct form II, with the state in local variables: this loop runs for every sample of an episode.
    const { b0, b1, b2, a1, a2 } = this.#head;
    const { a1: c1, a2: c2 } = this.#lowCut;
    let h1 = this.#head1;
    let h2 = this.#head2;
    let l1 = this.#low1;
    let l2 = this.#low2;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const x = pcm[i];
      const head = b0 * x + h1;
      h1 = b1 * x - a1 * head + h2;
      h2 = b2 * x - a2 * head;
      const y = head + l1;
      l1 = l2 - 2 * head - c1 * y;
      l2 = head - c2 * y;
      sum += y * y;
    }
    this.#head1 = withoutRest(h1);
    this.#head2 = withoutRest(h2);
    this.#low1 = withoutRest(l1);
    this.#low2 = withoutRest(l2);
    return sum;
  }
}

function withoutRest(state: number): number {
  return Math.abs(state) < NEGLIGIBLE ? 0 : state;
}
