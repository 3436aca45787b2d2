import { Stft } from './stft';

/** The definition: magnitude of a Hann-windowed DFT. */
function magnitudeByDefinition(samples: Float32Array, start: number, bin: number): number {
  let real = 0;
  let imaginary = 0;
  for (let n = 0; n < 256; n++) {
    const value = samples[start + n] * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 256));
    real += value * Math.cos((2 * Math.PI * bin * n) / 256);
    imaginary -= value * Math.sin((2 * Math.PI * bin * n) / 256);
  }
  return Math.hypot(real, imaginary);
}

describe('Stft', () => {
  it('computes the magnitudes of the definition, frame by frame', () => {
    const stft = new Stft(4);
    const samples = Float32Array.from({ length: stft.inputSamples }, (_, i) => Math.sin(i * i * 0.01) + (i > 400 ? 10 * Math.cos(i) : 0));
    const output = stft.process(samples);
    expect(output).toHaveLength(4 * Stft.bins);
    for (let frame = 0; frame < 4; frame++) {
      for (const bin of [0, 1, 2, 17, 64, 100, 127, 128]) {
        expect(output[frame * Stft.bins + bin]).toBeCloseTo(magnitudeByDefinition(samples, frame * 128, bin), 4);
      }
    }
  });
});
