import { sileroWeights, sileroWeightsFile } from '../../testing/fixtures';
import { wasmHost } from './silero-module';
import { SILERO_WINDOW_SAMPLES, type SileroStream } from './silero-stream';
import { SileroVad } from './silero-vad';
import { SileroWasm } from './silero-wasm';
import { parseSileroWeights, SileroWeights } from './silero-weights';

const noise = (seed: number): Float32Array => Float32Array.from({ length: SILERO_WINDOW_SAMPLES }, (_, i) => Math.sin(seed * i * i));
const heardBy = (stream: SileroStream): number[] => [1, 2, 3].map((seed) => stream.process(noise(seed)));

describe('parseSileroWeights', () => {
  it('refuses bytes that are not the weights file', () => {
    expect(() => parseSileroWeights(sileroWeightsFile().subarray(1))).toThrow('Silero weights: not a weights file');
  });

  it('runs streams in WebAssembly where there is SIMD', () => {
    const stream = sileroWeights().createStream();
    expect(stream).not.toBeInstanceOf(SileroVad);
    const expected = heardBy(new SileroVad(sileroWeights().layers));
    heardBy(stream).forEach((probability, i) => expect(probability).toBeCloseTo(expected[i], 4));
  });

  it('runs streams in plain TypeScript where there is no SIMD', () => {
    const { layers } = sileroWeights();
    expect(new SileroWeights(layers, undefined).createStream()).toBeInstanceOf(SileroVad);
  });
});

describe('SileroWasm', () => {
  const { layers } = sileroWeights();

  it('is not available without WebAssembly', () => {
    expect(SileroWasm.create(layers, undefined)).toBeUndefined();
  });

  it('is not available without SIMD in WebAssembly', () => {
    const host = wasmHost();
    if (host === undefined) throw new Error('no WebAssembly here');
    expect(SileroWasm.create(layers, { ...host, validate: () => false })).toBeUndefined();
  });
});
