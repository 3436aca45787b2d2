import { AudioBacklog } from './audio-backlog';

const frame = (value: number): ArrayBuffer => Uint8Array.from([value, value]).buffer;
const bytes = (piece: ArrayBuffer): number[] => [...new Uint8Array(piece)];

describe('AudioBacklog', () => {
  it('returns the frames in order, in pieces of two seconds', () => {
    const backlog = new AudioBacklog(500);
    for (let i = 0; i < 250; i++) expect(backlog.push(frame(i % 200))).toBe(true);
    const pieces: ArrayBuffer[] = [];
    while (!backlog.isEmpty) pieces.push(backlog.take());
    expect(pieces.map((piece) => piece.byteLength)).toEqual([200, 200, 100]);
    expect(pieces.flatMap(bytes)).toEqual(Array.from({ length: 250 }, (_, i) => [i % 200, i % 200]).flat());
  });

  it('drops the oldest frames when it is full, and reports that', () => {
    const backlog = new AudioBacklog(2);
    expect([1, 2, 3].map((value) => backlog.push(frame(value)))).toEqual([true, true, false]);
    expect(bytes(backlog.take())).toEqual([2, 2, 3, 3]);
  });

  it('is empty after clear', () => {
    const backlog = new AudioBacklog(2);
    backlog.push(frame(1));
    backlog.clear();
    expect([backlog.isEmpty, backlog.take().byteLength]).toEqual([true, 0]);
  });
});
