import {
  bytesFromPcm16,
  dbToPower,
  floatToPcm16,
  joinPcm,
  meanSquareToDbfs,
  pcm16FromBytes,
  pcm16ToFloat,
  rmsDbfs,
  SILENCE_DBFS,
} from './pcm';

describe('pcm', () => {
  it.each([
    [0, 0],
    [0.5, 16384],
    [-0.5, -16384],
    [1, 32767],
    [-1, -32768],
    [3, 32767],
    [-3, -32768],
    [1e-6, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 32767],
    [Number.NEGATIVE_INFINITY, -32768],
  ])('converts %d to the sample %d', (sample, expected) => {
    expect(floatToPcm16(sample)).toBe(expected);
  });

  it('returns every 16-bit sample unchanged after a round trip', () => {
    const changed = [];
    for (let sample = -32768; sample <= 32767; sample++) if (floatToPcm16(pcm16ToFloat(sample)) !== sample) changed.push(sample);
    expect(changed).toEqual([]);
  });

  it('reads little-endian samples as a view where the offset is even', () => {
    const bytes = Uint8Array.of(9, 9, 0x34, 0x12, 0xff, 0xff, 7);
    const pcm = pcm16FromBytes(bytes.subarray(2));
    expect([...pcm]).toEqual([0x1234, -1]);
    expect(pcm.buffer).toBe(bytes.buffer);
  });

  it('reads them as a copy where the offset is odd', () => {
    const bytes = Uint8Array.of(9, 0x34, 0x12, 0xff, 0xff);
    const pcm = pcm16FromBytes(bytes.subarray(1));
    expect([...pcm]).toEqual([0x1234, -1]);
    expect(pcm.buffer).not.toBe(bytes.buffer);
  });

  it('copies the right bytes out of a pooled Buffer, whose slice() is a view', () => {
    const buffer = Buffer.from([9, 0x34, 0x12, 0xff, 0xff, 8, 8]).subarray(1, 5);
    expect([...pcm16FromBytes(buffer)]).toEqual([0x1234, -1]);
  });

  it('returns the bytes of samples as a view', () => {
    const pcm = Int16Array.of(1, 0x1234, -1);
    const bytes = bytesFromPcm16(pcm.subarray(1));
    expect([...bytes]).toEqual([0x34, 0x12, 0xff, 0xff]);
    expect(bytes.buffer).toBe(pcm.buffer);
  });

  it('measures levels against full scale', () => {
    const square = Int16Array.from({ length: 320 }, (_, i) => (i % 2 ? 16384 : -16384));
    const sine = Int16Array.from({ length: 1600 }, (_, i) => 32767 * Math.sin((2 * Math.PI * i) / 16));
    expect(rmsDbfs(square)).toBeCloseTo(-6.02, 2);
    expect(rmsDbfs(sine)).toBeCloseTo(-3.01, 2);
    expect(meanSquareToDbfs(0.01)).toBeCloseTo(-20, 9);
  });

  it.each([0, -20, -60, 6])('converts %d dB to a mean square and back', (db) => {
    expect(meanSquareToDbfs(dbToPower(db))).toBeCloseTo(db, 9);
  });

  it('reports the lowest level for silence', () => {
    expect(rmsDbfs(new Int16Array(320))).toBe(SILENCE_DBFS);
    expect(rmsDbfs(new Int16Array(0))).toBe(SILENCE_DBFS);
    expect(meanSquareToDbfs(1e-30)).toBe(SILENCE_DBFS);
  });

  it('joins pieces in their order, in a new array', () => {
    const only = Int16Array.of(4, 5);
    expect(joinPcm([Int16Array.of(1, 2), new Int16Array(0), Int16Array.of(3)])).toEqual(Int16Array.of(1, 2, 3));
    expect(joinPcm([only])).toEqual(only);
    expect(joinPcm([only])).not.toBe(only);
    expect(joinPcm([])).toHaveLength(0);
  });
});
