/**
 * The Silero network as WebAssembly with SIMD, in AssemblyScript: what `silero-vad.ts` computes, window by window, on a memory that the
 * host fills. `compile.mjs` compiles it. It keeps nothing of a stream between calls but what lies at `HIDDEN` and `CELL`.
 */
import { sigmoid4, tanh4 } from './activations';
import { dense } from './dense';
import {
  CELL,
  ENCODED_0,
  ENCODED_1,
  ENCODED_2,
  ENCODED_3,
  GATES,
  HIDDEN,
  LAYER_0,
  LAYER_1,
  LAYER_2,
  LAYER_3,
  LSTM,
  MAGNITUDES,
  OUTPUT,
} from './layout';
import { stft } from './stft';

export { COSINES, HANN, HIDDEN, LAYER_0, LAYER_1, LAYER_2, LAYER_3, LSTM, OUTPUT, SAMPLES, SINES } from './layout';

const TAPS: usize = 3;

/** `SAMPLES`, `HIDDEN` and `CELL` in; the logit of the probability of speech out, `HIDDEN` and `CELL` changed. */
export function process(): f32 {
  stft();
  convolve(MAGNITUDES, 129, 4, LAYER_0, 1, ENCODED_0, 128);
  convolve(ENCODED_0, 128, 4, LAYER_1, 2, ENCODED_1, 64);
  convolve(ENCODED_1, 64, 2, LAYER_2, 2, ENCODED_2, 64);
  convolve(ENCODED_2, 64, 1, LAYER_3, 1, ENCODED_3, 128);
  dense(ENCODED_3, 256, LSTM + 512 * 4, 256, LSTM, GATES, 512, -Infinity as f32);
  remember();
  return output();
}

/** A convolution over `steps` with kernel 3, padding 1 and ReLU. What the kernel covers lies together, in the order of the weights. */
function convolve(x: usize, inputs: usize, steps: isize, layer: usize, stride: isize, out: usize, rows: usize): void {
  const weights = layer + (rows << 2);
  for (let step: isize = 0; step < steps; step += stride) {
    const firstTap: usize = step == 0 ? 1 : 0;
    const lastTap: usize = step == steps - 1 ? 1 : 2;
    const columns = (lastTap - firstTap + 1) * inputs;
    const first = x + (((((step - 1) as usize) + firstTap) * inputs) << 2);
    dense(first, columns, weights + firstTap * inputs * 128, TAPS * inputs, layer, out, rows, 0);
    out += rows << 2;
  }
}

/** The LSTM cell: gates in the order input, forget, cell, output, 128 of each. */
function remember(): void {
  for (let i: usize = 0; i < 512; i += 16) {
    const inputGate = sigmoid4(v128.load(GATES + i));
    const forgetGate = sigmoid4(v128.load(GATES + 512 + i));
    const candidate = tanh4(v128.load(GATES + 1024 + i));
    const outputGate = sigmoid4(v128.load(GATES + 1536 + i));
    const cell = f32x4.add(f32x4.mul(forgetGate, v128.load(CELL + i)), f32x4.mul(inputGate, candidate));
    v128.store(CELL + i, cell);
    v128.store(HIDDEN + i, f32x4.mul(outputGate, tanh4(cell)));
  }
}

function output(): f32 {
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let i: usize = 0; i < 512; i += 16) {
    sum = f32x4.add(sum, f32x4.mul(f32x4.max(v128.load(HIDDEN + i), zero), v128.load(OUTPUT + 4 + i)));
  }
  const bias = load<f32>(OUTPUT);
  return bias + f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
}
