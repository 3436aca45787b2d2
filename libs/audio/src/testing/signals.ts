/** One stretch of a sine; without a level, silence. The level is the amplitude relative to full scale, as EBU Tech 3341 counts it. */
export interface Tone {
  readonly seconds: number;
  readonly dbfs?: number;
  readonly frequencyHz?: number;
}

/** Sines one behind the other, of 1 kHz unless it says otherwise, as 16 bits. */
export function tones(sampleRateHz: number, ...parts: readonly Tone[]): Int16Array {
  const lengths = parts.map(({ seconds }) => Math.round(seconds * sampleRateHz));
  const pcm = new Int16Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  parts.forEach(({ dbfs, frequencyHz = 1000 }, part) => {
    const amplitude = dbfs === undefined ? 0 : 32767 * 10 ** (dbfs / 20);
    for (let i = 0; i < lengths[part]; i++, at++)
      pcm[at] = Math.round(amplitude * Math.sin((2 * Math.PI * frequencyHz * at) / sampleRateHz));
  });
  return pcm;
}

/** A sine that begins at a phase; its samples may miss its crest. */
export function sineFrom(phaseDegrees: number, samplesPerPeriod: number, length: number, amplitude: number): Float32Array {
  const phase = (Math.PI * phaseDegrees) / 180;
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * i) / samplesPerPeriod + phase));
}

/** Noise whose level changes with the syllables, a little like speech. Always the same for a seed. */
export function babble(sampleRateHz: number, seconds: number, { amplitude = 0.3, seed = 1 } = {}): Int16Array {
  let state = seed;
  let smooth = 0;
  return Int16Array.from({ length: Math.round(seconds * sampleRateHz) }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    smooth += 0.3 * (state / 2 ** 31 - 1 - smooth);
    const syllables = Math.max(0, Math.sin((2 * Math.PI * 4 * i) / sampleRateHz)) ** 2;
    return Math.max(-32768, Math.min(32767, Math.round(32767 * amplitude * smooth * (0.05 + syllables) * 2)));
  });
}

/** The samples cut into blocks of these lengths, again and again. */
export function* blocksOf<T extends Int16Array | Float32Array>(samples: T, lengths: readonly number[]): Generator<T> {
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const end = Math.min(samples.length, at + lengths[turn % lengths.length]);
    yield samples.subarray(at, end) as T;
    at = end;
  }
}

/** The largest difference between two samples that follow each other, silence being before and behind them. */
export function largestStep(samples: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i <= samples.length; i++) largest = Math.max(largest, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
  return largest;
}
