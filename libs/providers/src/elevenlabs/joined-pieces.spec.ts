import { collect } from '../testing/collect';
import { joinedPieces } from './joined-pieces';

async function* bytes(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i += 1) yield new Uint8Array(size).fill(i);
}

describe('joinedPieces', () => {
  it('passes on pieces unchanged when they are few', async () => {
    expect((await collect(joinedPieces(bytes(3, 7), 24_000))).map(({ length }) => length)).toEqual([7, 7, 7]);
  });

  it('combines very many small pieces into few larger ones without losing any bytes', async () => {
    const pieces = await collect(joinedPieces(bytes(150_000, 1), 24_000));
    expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(150_000);
    expect(pieces.length).toBeLessThan(300);
  });
});
