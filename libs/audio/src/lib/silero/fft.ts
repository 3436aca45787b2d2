/** In-place complex FFT (radix 2). Its tables are read only, so one instance can serve many callers. */
export class Fft {
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly reversed: Uint16Array;

  /** `size` is a power of two, at least 2. */
  constructor(readonly size: number) {
    const bits = Math.log2(size);
    this.cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.sines = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    this.reversed = Uint16Array.from({ length: size }, (_, i) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  /** Both arrays have `size` elements. */
  transform(real: Float64Array, imaginary: Float64Array): void {
    this.permute(real);
    this.permute(imaginary);
    for (let half = 1; half < this.size; half *= 2) {
      const turn = this.size / (2 * half);
      for (let start = 0; start < this.size; start += 2 * half) {
        for (let i = 0; i < half; i++) {
          const upper = start + i;
          const lower = upper + half;
          const cosine = this.cosines[i * turn];
          const sine = this.sines[i * turn];
          const turnedReal = real[lower] * cosine + imaginary[lower] * sine;
          const turnedImaginary = imaginary[lower] * cosine - real[lower] * sine;
          real[lower] = real[upper] - turnedReal;
          imaginary[lower] = imaginary[upper] - turnedImaginary;
          real[upper] += turnedReal;
          imaginary[upper] += turnedImaginary;
        }
      }
    }
  }

  private permute(values: Float64Array): void {
    for (let i = 0; i < this.size; i++) {
      const j = this.reversed[i];
      if (j <= i) continue;
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
