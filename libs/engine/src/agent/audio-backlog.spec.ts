import { AudioBacklog } from './audio-backlog';

const ms = (durationMs: number, sample: number) => new Int16Array(durationMs * 16).fill(sample);
const samples = (pieces: readonly Int16Array[]) => pieces.map((pcm) => pcm[0]);

describe('AudioBacklog', () => {
  it('keeps copies of the audio in order, and returns them once', () => {
    const backlog = new AudioBacklog(100);
    const buffer = ms(20, 1);
    backlog.push(buffer);
    buffer.fill(9);
    backlog.push(ms(20, 2));
    expect(backlog.durationMs).toBe(40);
    expect(samples(backlog.take())).toEqual([1, 2]);
    expect([backlog.take(), backlog.durationMs]).toEqual([[], 0]);
  });

  it('drops the oldest audio and reports that', () => {
    const backlog = new AudioBacklog(60);
    expect([1, 2, 3, 4].map((sample) => backlog.push(ms(20, sample)))).toEqual([true, true, true, false]);
    expect(samples(backlog.take())).toEqual([2, 3, 4]);
  });
});
