import { PlaybackEstimate } from './playback-estimate';

/** Characters of 100 ms each. */
const spoken = (text: string) => Array.from(text, (char, i) => ({ char, startMs: i * 100, endMs: (i + 1) * 100 }));

describe('PlaybackEstimate', () => {
  it('reports nothing heard before the first audio', () => {
    const playback = new PlaybackEstimate();
    expect(playback.isPlaying(1000)).toBe(false);
    expect(playback.heardText(1000)).toBe('');
  });

  it.each([
    [1000, ''],
    [1150, ''],
    [1200, 'It'],
    [1499, 'It'],
    [1500, 'It is'],
    [1900, 'It is'],
    [2200, 'It is sunny.'],
    [9000, 'It is sunny.'],
  ])('counts whole words only: at %d ms it reports "%s"', (nowMs, heard) => {
    const playback = new PlaybackEstimate();
    // Faster than real time, in two chunks.
    playback.add(600, spoken('It is '), 1000);
    playback.add(600, spoken('sunny.'), 1010);
    expect(playback.heardText(nowMs)).toBe(heard);
    expect(playback.isPlaying(nowMs)).toBe(nowMs < 2200);
  });

  it('stops while audio is late, and continues with it', () => {
    const playback = new PlaybackEstimate();
    playback.add(300, spoken('It '), 1000);
    expect(playback.isPlaying(4000)).toBe(false);
    playback.add(200, spoken('is'), 5000);
    expect(playback.heardText(4999)).toBe('It');
    expect(playback.isPlaying(5100)).toBe(true);
    expect(playback.heardText(5200)).toBe('It is');
  });
});
