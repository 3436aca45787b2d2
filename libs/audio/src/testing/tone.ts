/** `amplitude * sin` at this frequency. */
export function sine(frequencyHz: number, rateHz: number, samples: number, amplitude = 1): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / rateHz));
}

/** Level of the samples, in dB relative to a sine of amplitude 1. */
export function levelDb(samples: Float32Array): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return 10 * Math.log10((2 * sum) / samples.length + 1e-30);
}

/** The tone of this frequency that fits the samples best, and what is left without it; both in dB relative to an amplitude of 1. */
export function fitTone(samples: Float32Array, frequencyHz: number, rateHz: number): { toneDb: number; restDb: number } {
  let cosCos = 0;
  let sinSin = 0;
  let cosSin = 0;
  let withCos = 0;
  let withSin = 0;
  const angle = (2 * Math.PI * frequencyHz) / rateHz;
  samples.forEach((sample, i) => {
    const cosine = Math.cos(angle * i);
    const sine = Math.sin(angle * i);
    cosCos += cosine * cosine;
    sinSin += sine * sine;
    cosSin += cosine * sine;
    withCos += sample * cosine;
    withSin += sample * sine;
  });
  const determinant = cosCos * sinSin - cosSin * cosSin;
  const a = (withCos * sinSin - withSin * cosSin) / determinant;
  const b = (withSin * cosCos - withCos * cosSin) / determinant;
  const rest = samples.map((sample, i) => sample - a * Math.cos(angle * i) - b * Math.sin(angle * i));
  return { toneDb: 10 * Math.log10(a * a + b * b), restDb: levelDb(rest) };
}
