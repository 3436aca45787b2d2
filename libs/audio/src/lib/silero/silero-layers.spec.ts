import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sileroWeightsFile } from '../../testing/fixtures';
import { parseSileroLayers } from './silero-layers';

describe('parseSileroLayers', () => {
  const file = sileroWeightsFile();

  it('reads the weights file described in the notice', () => {
    const notice = readFileSync(join(__dirname, '../../../assets/NOTICE.md'), 'utf8');
    expect(notice).toContain(createHash('sha256').update(file).digest('hex'));
    const layers = parseSileroLayers(file);
    expect(layers.encoder.map(({ inputs, rows, stride }) => [inputs, rows, stride])).toEqual([
      [129, 128, 1],
      [128, 64, 2],
      [64, 64, 2],
      [64, 128, 1],
    ]);
    expect(layers.lstm.fromHidden.weights).toHaveLength(512 * 128);
    expect(layers.output.bias).toHaveLength(1);
  });

  it('copies the bytes it is given, and reads them at any offset', () => {
    const shifted = Buffer.alloc(file.length + 1);
    shifted.set(file, 1);
    const layers = parseSileroLayers(shifted.subarray(1));
    const before = layers.encoder[0].weights[0];
    shifted.fill(0);
    expect(layers.encoder[0].weights[0]).toBe(before);
    expect(before).not.toBe(0);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['another file', Uint8Array.from(file.subarray(1, 5000))],
    ['half of it', file.subarray(0, file.length >> 1)],
    ['all but the last weight', file.subarray(0, file.length - 4)],
    ['its head alone', file.subarray(0, 8)],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseSileroLayers(bytes)).toThrow(/^Silero weights: /);
  });

  it('refuses a file that lacks a tensor', () => {
    const renamed = Uint8Array.from(file);
    // The first letter of the first tensor's name.
    renamed[12] = 'x'.charCodeAt(0);
    expect(() => parseSileroLayers(renamed)).toThrow('encoder.0.reparam_conv.weight should have 49536 elements, found none');
  });
});
