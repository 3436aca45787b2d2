import { addAffine } from './affine';
import { sigmoid } from './sigmoid';
import { type LstmWeights } from './silero-layers';

/** One LSTM cell with its memory. */
export class LstmCell {
  /** The output, which is also fed back: `units` values, changed by each `process`. */
  readonly hidden: Float32Array;
  private readonly cell: Float32Array;
  private readonly gates: Float32Array;

  constructor(private readonly weights: LstmWeights) {
    this.hidden = new Float32Array(weights.units);
    this.cell = new Float32Array(weights.units);
    this.gates = new Float32Array(4 * weights.units);
  }

  /** One time step: `units` inputs in, `hidden` out. */
  process(input: Float32Array): Float32Array {
    const { gates, cell, hidden } = this;
    const { units } = this.weights;
    gates.fill(0);
    addAffine(this.weights.fromInput, input, gates, 0);
    addAffine(this.weights.fromHidden, hidden, gates, 0);
    for (let i = 0; i < units; i++) {
      const inputGate = sigmoid(gates[i]);
      const forgetGate = sigmoid(gates[units + i]);
      const candidate = Math.tanh(gates[2 * units + i]);
      const outputGate = sigmoid(gates[3 * units + i]);
      cell[i] = forgetGate * cell[i] + inputGate * candidate;
      hidden[i] = outputGate * Math.tanh(cell[i]);
    }
    return hidden;
  }

  /** Clears the memory. */
  reset(): void {
    this.hidden.fill(0);
    this.cell.fill(0);
  }
}
