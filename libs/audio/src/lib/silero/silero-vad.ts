import { addAffine } from './affine';
import { ConvLayer } from './conv-layer';
import { LstmCell } from './lstm-cell';
import { sigmoid } from './sigmoid';
import { type SileroLayers } from './silero-layers';
import { assertSileroWindow, SILERO_CONTEXT_SAMPLES as CONTEXT_SAMPLES, SILERO_WINDOW_SAMPLES, type SileroStream } from './silero-stream';
import { Stft } from './stft';

const SPECTRA = 4;

/**
 * The Silero voice activity detector, version 6, for 16 kHz audio: spectrum, four convolutions, an LSTM cell and one output. In plain
 * TypeScript: the reference for the faster `SileroWasm`, and what runs where that cannot.
 */
export class SileroVad implements SileroStream {
  private readonly samples: Float32Array;
  private readonly stft = new Stft(SPECTRA);
  private readonly encoder: readonly ConvLayer[];
  private readonly lstm: LstmCell;
  private readonly rectified: Float32Array;
  private readonly logit = new Float32Array(1);

  constructor(private readonly layers: SileroLayers) {
    this.samples = new Float32Array(this.stft.inputSamples);
    let steps = SPECTRA;
    this.encoder = layers.encoder.map((layerWeights) => {
      const layer = new ConvLayer(layerWeights, steps);
      steps = layer.steps;
      return layer;
    });
    this.lstm = new LstmCell(layers.lstm);
    this.rectified = new Float32Array(layers.lstm.units);
  }

  process(window: Float32Array): number {
    assertSileroWindow(window);
    this.append(window);
    let activations = this.stft.process(this.samples);
    for (const layer of this.encoder) activations = layer.process(activations);
    const hidden = this.lstm.process(activations);
    for (let i = 0; i < hidden.length; i++) this.rectified[i] = Math.max(0, hidden[i]);
    this.logit[0] = 0;
    addAffine(this.layers.output, this.rectified, this.logit, 0);
    return sigmoid(this.logit[0]);
  }

  reset(): void {
    this.samples.fill(0);
    this.lstm.reset();
  }

  private append(window: Float32Array): void {
    const { samples } = this;
    const end = CONTEXT_SAMPLES + SILERO_WINDOW_SAMPLES;
    samples.copyWithin(0, end - CONTEXT_SAMPLES, end);
    samples.set(window, CONTEXT_SAMPLES);
    for (let i = 0; i < CONTEXT_SAMPLES; i++) samples[end + i] = samples[end - 2 - i];
  }
}
