import { designPolyphaseFilter, kaiserBeta } from '../windowed-sinc';

/** Four times, as BS.1770-4 asks for at 48 kHz; three instants between two samples. */
const PHASES = 4;
const TAPS = 16;
/** Reaches far enough for 16 taps: level to 0.85 of the Nyquist frequency. */
const STOPBAND_DB = 40;

/** As double precision: a conversion for every product would take as long as the product. */
const COEFFICIENTS = Float64Array.from(
  designPolyphaseFilter({ phases: PHASES, taps: TAPS, cutoff: 1, beta: kaiserBeta(STOPBAND_DB) }).coefficients,
);

/** Samples before and at an instant that its interpolation takes in. */
export const SAMPLES_BEFORE = TAPS / 2 - 1;
/** Samples behind the one before an instant that its interpolation takes in. */
export const SAMPLES_BEHIND = TAPS / 2;
/** No instant is further from 0 than the furthest sample around it, times this. */
export const LARGEST_OVERSHOOT = largestRowSum();

/** The furthest from 0 of the sample at `index` and of three instants between it and the next. Reads `SAMPLES_BEFORE` and `SAMPLES_BEHIND`. */
export function peakFrom(samples: Float32Array, index: number): number {
  const first = index - SAMPLES_BEFORE;
  let quarter = 0;
  let half = 0;
  let threeQuarters = 0;
  for (let k = 0; k < TAPS; k++) {
    const sample = samples[first + k];
    quarter += COEFFICIENTS[TAPS + k] * sample;
    half += COEFFICIENTS[2 * TAPS + k] * sample;
    threeQuarters += COEFFICIENTS[3 * TAPS + k] * sample;
  }
  return Math.max(Math.abs(samples[index]), Math.abs(quarter), Math.abs(half), Math.abs(threeQuarters));
}

/** The furthest sample from 0 among those from `from` up to `to`. */
export function largestSample(samples: Float32Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i++) {
    const distance = Math.abs(samples[i]);
    if (distance > largest) largest = distance;
  }
  return largest;
}

function largestRowSum(): number {
  let largest = 1;
  for (let row = TAPS; row < PHASES * TAPS; row += TAPS) {
    let sum = 0;
    for (let k = 0; k < TAPS; k++) sum += Math.abs(COEFFICIENTS[row + k]);
    largest = Math.max(largest, sum);
  }
  return largest;
}
