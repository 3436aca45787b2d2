/** A polyphase low-pass: `rows` filters of `taps` coefficients, for output instants at `row / phases` between two input samples. */
export interface PolyphaseFilter {
  readonly taps: number;
  /** Steps between two input samples. There are `phases + 1` rows: the last is the first, one sample later. */
  readonly phases: number;
  /** Row after row. Tap `k` weighs the input sample `k - taps / 2 + 1` from the one at or before the output instant. */
  readonly coefficients: Float32Array;
}

export interface PolyphaseFilterOptions {
  readonly phases: number;
  readonly taps: number;
  /** Middle of the transition band, relative to the input's Nyquist frequency. */
  readonly cutoff: number;
  /** Shape of the Kaiser window (`kaiserBeta`). */
  readonly beta: number;
}

/** Shape of the Kaiser window for a stopband of this many dB (Kaiser's formula for more than 50 dB). */
export function kaiserBeta(stopbandDb: number): number {
  return 0.1102 * (stopbandDb - 8.7);
}

/** Taps that Kaiser's formula asks for; `transition` is the width of the transition band relative to the Nyquist frequency. */
export function kaiserTaps(stopbandDb: number, transition: number): number {
  return (stopbandDb - 7.95) / (2.285 * Math.PI * transition);
}

/** Every row sums to 1, so that a constant input stays that constant in every phase. */
export function designPolyphaseFilter({ phases, taps, cutoff, beta }: PolyphaseFilterOptions): PolyphaseFilter {
  const half = taps / 2;
  const windowScale = 1 / besselI0(beta);
  const coefficients = new Float32Array((phases + 1) * taps);
  const row = new Float64Array(taps);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const distance = k - half + 1 - phase / phases;
      const edge = distance / half;
      const window = Math.abs(edge) > 1 ? 0 : besselI0(beta * Math.sqrt(1 - edge * edge)) * windowScale;
      row[k] = sinc(cutoff * distance) * window;
      sum += row[k];
    }
    for (let k = 0; k < taps; k++) coefficients[phase * taps + k] = row[k] / sum;
  }
  return { taps, phases, coefficients };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
