import { type AffineLayer } from './affine';

/** One convolution of the encoder: kernel 3, padding 1, then ReLU. Weights are indexed `[output][input][tap]`. */
export interface ConvLayerWeights extends AffineLayer {
  readonly inputs: number;
  readonly stride: number;
}

/** Gates in the order input, forget, cell, output; the two biases of the original are summed. */
export interface LstmWeights {
  readonly units: number;
  readonly fromInput: AffineLayer;
  readonly fromHidden: AffineLayer;
}

/** The layers of the detector with their weights, as the plain TypeScript version uses them. Never written to after parsing. */
export interface SileroLayers {
  readonly encoder: readonly ConvLayerWeights[];
  readonly lstm: LstmWeights;
  readonly output: AffineLayer;
}

const MAGIC = 'SVW1';
const MAX_NAME_LENGTH = 64;
const KERNEL = 3;
const LSTM_UNITS = 128;
const ENCODER = [
  { inputs: 129, rows: 128, stride: 1 },
  { inputs: 128, rows: 64, stride: 2 },
  { inputs: 64, rows: 64, stride: 2 },
  { inputs: 64, rows: LSTM_UNITS, stride: 1 },
] as const;

/**
 * Reads `assets/silero-vad-v6-16k.bin` (the format is described in `assets/extract-silero-weights.mjs`). The bytes are copied.
 * @throws Error when they are not that file.
 */
export function parseSileroLayers(bytes: Uint8Array): SileroLayers {
  const tensors = readTensors(bytes);
  const tensor = (name: string, elements: number): Float32Array => {
    const values = tensors.get(name);
    if (values?.length !== elements)
      throw new Error(`Silero weights: ${name} should have ${elements} elements, found ${values?.length ?? 'none'}`);
    return values;
  };
  const gates = 4 * LSTM_UNITS;
  return {
    encoder: ENCODER.map(({ inputs, rows, stride }, layer) => ({
      inputs,
      rows,
      stride,
      columns: inputs * KERNEL,
      weights: tensor(`encoder.${layer}.reparam_conv.weight`, rows * inputs * KERNEL),
      bias: tensor(`encoder.${layer}.reparam_conv.bias`, rows),
    })),
    lstm: {
      units: LSTM_UNITS,
      fromInput: {
        rows: gates,
        columns: LSTM_UNITS,
        weights: tensor('decoder.rnn.weight_ih', gates * LSTM_UNITS),
        bias: tensor('decoder.rnn.bias_ih', gates),
      },
      fromHidden: {
        rows: gates,
        columns: LSTM_UNITS,
        weights: tensor('decoder.rnn.weight_hh', gates * LSTM_UNITS),
        bias: tensor('decoder.rnn.bias_hh', gates),
      },
    },
    output: {
      rows: 1,
      columns: LSTM_UNITS,
      weights: tensor('decoder.decoder.2.weight', LSTM_UNITS),
      bias: tensor('decoder.decoder.2.bias', 1),
    },
  };
}

function readTensors(bytes: Uint8Array): Map<string, Float32Array> {
  // A copy of our own: aligned for floats, and nobody else can write to it.
  const data = new Uint8Array(bytes);
  const view = new DataView(data.buffer);
  let at = 0;
  const take = (length: number): number => {
    if (length > data.length - at) throw new Error('Silero weights: the file is cut short');
    at += length;
    return at - length;
  };
  const takeCount = (): number => view.getUint32(take(4), true);
  const takeText = (length: number): string => {
    if (length > MAX_NAME_LENGTH) throw new Error('Silero weights: the file is damaged');
    const start = take(length);
    return String.fromCharCode(...data.subarray(start, start + length));
  };

  if (takeText(MAGIC.length) !== MAGIC) throw new Error('Silero weights: not a weights file');
  const tensors = new Map<string, Float32Array>();
  for (let count = takeCount(); count > 0; count--) {
    const nameLength = takeCount();
    const name = takeText(nameLength);
    take(-nameLength & 3);
    const elements = takeCount();
    tensors.set(name, new Float32Array(data.buffer, take(elements * 4), elements));
  }
  return tensors;
}
