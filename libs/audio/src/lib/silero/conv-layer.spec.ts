import { ConvLayer } from './conv-layer';

/** Two inputs and three outputs: fewer rows than a block of four, so that the remainder loop is tested too. */
const weights = {
  inputs: 2,
  rows: 3,
  stride: 1,
  columns: 6,
  weights: Float32Array.of(1, 2, 3, 10, 20, 30, 0, 1, 0, 0, 0, 0, -1, -1, -1, 0, 0, 0),
  bias: Float32Array.of(0.5, 0, 0),
};

describe('ConvLayer', () => {
  it('sums over the kernel, pads with zeros and clips negative values to zero', () => {
    const layer = new ConvLayer(weights, 3);
    // Steps of (first input, second input).
    const output = layer.process(Float32Array.of(1, 0, 2, 0, 3, 1));
    expect([...output]).toEqual([
      ...[2 * 1 + 3 * 2 + 0.5, 1, 0],
      ...[1 * 1 + 2 * 2 + 3 * 3 + 30 * 1 + 0.5, 2, 0],
      ...[1 * 2 + 2 * 3 + 20 * 1 + 0.5, 3, 0],
    ]);
  });

  it('skips steps with a stride', () => {
    const layer = new ConvLayer({ ...weights, stride: 2 }, 3);
    expect(layer.steps).toBe(2);
    expect([...layer.process(Float32Array.of(1, 0, 2, 0, 3, 1))].filter((_, i) => i % 3 === 1)).toEqual([1, 3]);
  });
});
