import type { Recording } from './recording';

const WINDOW_S = 0.04;
/** The lowest and the highest fundamental of a speaking voice, in Hz. */
const [LOWEST_HZ, HIGHEST_HZ] = [70, 320];
/** A window whose signal repeats itself less than this is no vowel. */
const PERIODIC = 0.7;

/** The median fundamental frequency of the vowels in a part of a recording, in Hz. Throws where there are none. */
export function pitchHz({ samples, rateHz, startMs }: Recording, fromMs: number, toMs: number): number {
  const at = (ms: number): number => Math.max(0, Math.round(((ms - startMs) * rateHz) / 1000));
  const size = Math.round(WINDOW_S * rateHz);
  const found: number[] = [];
  for (let start = at(fromMs); start + 2 * size < Math.min(samples.length, at(toMs)); start += size) {
    const hz = fundamental(samples.subarray(start, start + 2 * size), rateHz);
    if (hz !== undefined) found.push(hz);
  }
  const median = found.sort((a, b) => a - b)[Math.floor(found.length / 2)];
  if (median === undefined) throw new Error('nobody speaks there');
  return median;
}

function fundamental(window: Float32Array, rateHz: number): number | undefined {
  const size = window.length / 2;
  const similarity = (lag: number): number => {
    let [product, first, second] = [0, 0, 0];
    for (let i = 0; i < size; i++) {
      product += window[i] * window[i + lag];
      first += window[i] ** 2;
      second += window[i + lag] ** 2;
    }
    return first * second > 1e-6 ? product / Math.sqrt(first * second) : 0;
  };
  let best = { lag: 0, value: PERIODIC };
  // The first good period counts: its multiples fit as well.
  for (let lag = Math.round(rateHz / HIGHEST_HZ); lag < rateHz / LOWEST_HZ; lag++) {
    const value = similarity(lag);
    if (value > best.value * 1.03) best = { lag, value };
  }
  return best.lag > 0 ? rateHz / best.lag : undefined;
}
