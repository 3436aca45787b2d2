import { COSINES, HANN, MAGNITUDES, SAMPLES, SINES, SPECTRUM_A, SPECTRUM_B } from './layout';

/** Bytes between the starts of two frames, between two complex values, and between the steps of the magnitudes. */
const HOP: usize = 128 * 4;
const COMPLEX: usize = 32;
const STEP: usize = 129 * 4;

/**
 * Magnitudes of the four Hann-windowed 256-point spectra of `SAMPLES`, one per lane. A real transform of 256 is a complex one of 128 (even
 * samples as real parts, odd ones as imaginary parts) whose result is then taken apart.
 */
export function stft(): void {
  gather();
  separate(transform());
}

/** From four frames of samples to one column of four lanes per sample. */
function gather(): void {
  for (let i: usize = 0; i < 1024; i += 16) {
    const a = v128.load(SAMPLES + i);
    const b = v128.load(SAMPLES + i + HOP);
    const c = v128.load(SAMPLES + i + 2 * HOP);
    const d = v128.load(SAMPLES + i + 3 * HOP);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const out = SPECTRUM_A + (i << 2);
    store(out, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), HANN + i);
    store(out + 16, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), HANN + i + 4);
    store(out + 32, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5), HANN + i + 8);
    store(out + 48, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7), HANN + i + 12);
  }
}

function store(out: usize, lanes: v128, weight: usize): void {
  v128.store(out, f32x4.mul(lanes, v128.load32_splat(weight)));
}

/** Self-sorting (Stockham) radix-2 transform of 128 complex values; gives the buffer that holds the result. */
function transform(): usize {
  let from = SPECTRUM_A;
  let to = SPECTRUM_B;
  let half: usize = 64;
  for (let stride: usize = 1; stride < 128; stride <<= 1) {
    for (let p: usize = 0; p < half; p++) {
      // The tables go round in 256 steps, this transform in 128.
      const cosine = v128.load32_splat(COSINES + ((2 * p * stride) << 2));
      const sine = v128.load32_splat(SINES + ((2 * p * stride) << 2));
      let x = from + p * stride * COMPLEX;
      let y = x + half * stride * COMPLEX;
      let sum = to + 2 * p * stride * COMPLEX;
      let turned = sum + stride * COMPLEX;
      for (const end = x + stride * COMPLEX; x < end;) {
        const xReal = v128.load(x);
        const xImaginary = v128.load(x, 16);
        const yReal = v128.load(y);
        const yImaginary = v128.load(y, 16);
        const real = f32x4.sub(xReal, yReal);
        const imaginary = f32x4.sub(xImaginary, yImaginary);
        v128.store(sum, f32x4.add(xReal, yReal));
        v128.store(sum, f32x4.add(xImaginary, yImaginary), 16);
        v128.store(turned, f32x4.add(f32x4.mul(real, cosine), f32x4.mul(imaginary, sine)));
        v128.store(turned, f32x4.sub(f32x4.mul(imaginary, cosine), f32x4.mul(real, sine)), 16);
        x += COMPLEX;
        y += COMPLEX;
        sum += COMPLEX;
        turned += COMPLEX;
      }
    }
    half >>= 1;
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/** The spectrum of the real samples out of that of the complex ones, and its magnitudes, frame after frame. */
function separate(spectrum: usize): void {
  const half = f32x4.splat(0.5);
  for (let bin: usize = 0; bin <= 128; bin++) {
    const at = spectrum + (bin & 127) * COMPLEX;
    const mirror = spectrum + ((128 - bin) & 127) * COMPLEX;
    const real = v128.load(at);
    const imaginary = v128.load(at, 16);
    const mirrorReal = v128.load(mirror);
    const mirrorImaginary = v128.load(mirror, 16);
    const evenReal = f32x4.add(real, mirrorReal);
    const evenImaginary = f32x4.sub(imaginary, mirrorImaginary);
    const oddReal = f32x4.add(imaginary, mirrorImaginary);
    const oddImaginary = f32x4.sub(mirrorReal, real);
    const cosine = v128.load32_splat(COSINES + (bin << 2));
    const sine = v128.load32_splat(SINES + (bin << 2));
    const x = f32x4.add(evenReal, f32x4.add(f32x4.mul(oddReal, cosine), f32x4.mul(oddImaginary, sine)));
    const y = f32x4.add(evenImaginary, f32x4.sub(f32x4.mul(oddImaginary, cosine), f32x4.mul(oddReal, sine)));
    const magnitudes = f32x4.mul(f32x4.sqrt(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y))), half);
    const out = MAGNITUDES + (bin << 2);
    v128.store_lane<f32>(out, magnitudes, 0);
    v128.store_lane<f32>(out + STEP, magnitudes, 1);
    v128.store_lane<f32>(out + 2 * STEP, magnitudes, 2);
    v128.store_lane<f32>(out + 3 * STEP, magnitudes, 3);
  }
}
