const FULL_SCALE = 32768;

/** A gain in dB as a factor for samples. */
export function dbToFactor(db: number): number {
  return 10 ** (db / 20);
}

/** The samples with a gain in dB, as -1..1: what is above full scale is kept, for a limiter. Always a new array. */
export function amplified(pcm: Int16Array, gainDb: number): Float32Array {
  const factor = dbToFactor(gainDb) / FULL_SCALE;
  const out = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) out[i] = pcm[i] * factor;
  return out;
}

/** Samples of -1..1 as signed 16 bits, clipped. Always a new array. */
export function pcm16FromFloats(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) pcm[i] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(samples[i] * FULL_SCALE)));
  return pcm;
}
