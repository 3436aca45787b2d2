import * as fc from 'fast-check';
import { canonical, fromPlain, type Plain, toPlain } from './plain-value';

const there = (value: unknown): unknown => fromPlain(JSON.parse(JSON.stringify(toPlain(value))) as Plain);

const values = fc.anything({
  key: fc.oneof(fc.string(), fc.constantFrom('$', 'length', 'entries', '__proto__', 'type')),
  values: [fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined)],
  maxDepth: 4,
});

describe('plain values', () => {
  it('are restored exactly, whatever numbers and names they contain', () => {
    fc.assert(fc.property(values, (value) => expect(there(value)).toStrictEqual(value)));
  });

  it.each([NaN, Infinity, -Infinity, -0, 0, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER, 0.1 + 0.2])('keep the number %d', (number) => {
    expect(Object.is(there(number), number)).toBe(true);
  });

  it('distinguish a field that is undefined from a field that is missing', () => {
    expect(there({ a: undefined })).toStrictEqual({ a: undefined });
    expect(there({})).toStrictEqual({});
  });

  it('keep the number of samples, but not the samples', () => {
    expect(there({ audio: Int16Array.of(3, 1, 4) })).toEqual({ audio: new Int16Array(3) });
  });

  it.each([() => undefined, Symbol('s'), 1n, new Map(), new Uint8Array(2)])(
    'cannot be made from values that could not be restored: %p',
    (value) => {
      expect(() => toPlain(value)).toThrow(TypeError);
    },
  );

  it.each<Plain>([
    { $: 'nothing of ours' },
    { $: 'samples' },
    { $: 'samples', length: -1 },
    { $: 'samples', length: 1e12 },
    { $: 'entries' },
    { $: 'entries', entries: [['name']] },
    { $: 'toString' },
  ])('are rejected when they were not written by this code: %p', (plain) => {
    expect(() => fromPlain(plain)).toThrow(TypeError);
  });

  it('have the same text when they have the same meaning', () => {
    expect(canonical({ b: 1, a: { d: undefined, c: NaN } })).toBe(canonical({ a: { c: NaN }, b: 1 }));
    expect(canonical({ a: 0 })).not.toBe(canonical({ a: -0 }));
    expect(canonical([undefined])).not.toBe(canonical([]));
  });
});
