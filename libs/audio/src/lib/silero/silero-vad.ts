import { addAffine } from './affine';
import { ConvLayer } from './conv-layer';
import { LstmCell } from './lstm-cell';
import { sigmoid } from './sigmoid';
import { type SileroWeights } from './silero-weights';
import { Stft } from './stft';

/** Samples of 16 kHz audio per window (32 ms). */
export const SILERO_WINDOW_SAMPLES = 512;

/** The model sees the end of the window before, and the end of its own window mirrored. */
const CONTEXT_SAMPLES = 64;
const SPECTRA = 4;

/**
 * The Silero voice activity detector, version 6, for 16 kHz audio: spectrum, four convolutions, an LSTM cell and one output.
 * One instance per stream: it remembers what it heard. Allocates nothing after construction.
 */
export class SileroVad {
  private readonly samples: Float32Array;
  private readonly stft = new Stft(SPECTRA);
  private readonly encoder: readonly ConvLayer[];
  private readonly lstm: LstmCell;
  private readonly rectified: Float32Array;
  private readonly logit = new Float32Array(1);

  constructor(private readonly weights: SileroWeights) {
    this.samples = new Float32Array(this.stft.inputSamples);
    let steps = SPECTRA;
    this.encoder = weights.encoder.map((layerWeights) => {
      const layer = new ConvLayer(layerWeights, steps);
      steps = layer.steps;
      return layer;
    });
    this.lstm = new LstmCell(weights.lstm);
    this.rectified = new Float32Array(weights.lstm.units);
  }

  /**
   * The probability (0..1) that there is speech in the next window.
   * @param window 512 samples of -1..1, following the ones of the last call without a gap. Not kept.
   * @throws RangeError on another length.
   */
  process(window: Float32Array): number {
    this.append(window);
    let activations = this.stft.process(this.samples);
    for (const layer of this.encoder) activations = layer.process(activations);
    const hidden = this.lstm.process(activations);
    for (let i = 0; i < hidden.length; i++) this.rectified[i] = Math.max(0, hidden[i]);
    this.logit[0] = 0;
    addAffine(this.weights.output, this.rectified, this.logit, 0);
    return sigmoid(this.logit[0]);
  }

  /** Forgets the stream: the next window begins a new one. */
  reset(): void {
    this.samples.fill(0);
    this.lstm.reset();
  }

  private append(window: Float32Array): void {
    if (window.length !== SILERO_WINDOW_SAMPLES)
      throw new RangeError(`a window has ${SILERO_WINDOW_SAMPLES} samples, not ${window.length}`);
    const { samples } = this;
    const end = CONTEXT_SAMPLES + SILERO_WINDOW_SAMPLES;
    samples.copyWithin(0, end - CONTEXT_SAMPLES, end);
    samples.set(window, CONTEXT_SAMPLES);
    for (let i = 0; i < CONTEXT_SAMPLES; i++) samples[end + i] = samples[end - 2 - i];
  }
}
