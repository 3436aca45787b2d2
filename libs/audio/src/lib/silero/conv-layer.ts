import { addAffine } from './affine';
import { type ConvLayerWeights } from './silero-layers';

const KERNEL = 3;
const PADDING = 1;

/** A convolution over time (kernel 3, padding 1) with ReLU, for a fixed number of time steps. Holds its own scratch memory. */
export class ConvLayer {
  /** Time steps of the output. */
  readonly steps: number;
  /** The output, step after step: `steps * rows` values, written anew by each `process`. */
  readonly output: Float32Array;
  /** The inputs under the kernel at one step, in the order of the weights: `[input][tap]`. */
  private readonly patch: Float32Array;

  constructor(
    private readonly weights: ConvLayerWeights,
    private readonly inputSteps: number,
  ) {
    this.steps = Math.floor((inputSteps - 1) / weights.stride) + 1;
    this.output = new Float32Array(this.steps * weights.rows);
    this.patch = new Float32Array(weights.columns);
  }

  /** `input` holds `inputs` values per time step, step after step. */
  process(input: Float32Array): Float32Array {
    const { rows, stride } = this.weights;
    this.output.fill(0);
    for (let step = 0; step < this.steps; step++) {
      this.gather(input, step * stride - PADDING);
      addAffine(this.weights, this.patch, this.output, step * rows);
    }
    for (let i = 0; i < this.output.length; i++) if (this.output[i] < 0) this.output[i] = 0;
    return this.output;
  }

  private gather(input: Float32Array, firstStep: number): void {
    const { inputs } = this.weights;
    for (let tap = 0; tap < KERNEL; tap++) {
      const step = firstStep + tap;
      const inside = step >= 0 && step < this.inputSteps;
      for (let i = 0; i < inputs; i++) this.patch[i * KERNEL + tap] = inside ? input[step * inputs + i] : 0;
    }
  }
}
