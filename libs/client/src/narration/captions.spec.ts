/** @jest-environment node */
import { parseCaptions } from './captions';

describe('parseCaptions', () => {
  it('reads words with their own times, and who speaks', () => {
    const vtt =
      'WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\n<v Host>Good <00:00:01.400>morning, <00:00:02.000>R&amp;B fans.</v>\n\n' +
      'NOTE nothing\n\n00:03.000 --> 00:04.000 align:start\nBye.\n';
    expect(parseCaptions(vtt)).toEqual([
      {
        startMs: 1_000,
        endMs: 2_500,
        speaker: 'Host',
        words: [
          { text: 'Good', isApart: false, startMs: 1_000 },
          { text: 'morning,', isApart: true, startMs: 1_400 },
          { text: 'R&B', isApart: true, startMs: 2_000 },
          { text: 'fans.', isApart: true, startMs: 2_000 },
        ],
      },
      { startMs: 3_000, endMs: 4_000, words: [{ text: 'Bye.', isApart: false, startMs: 3_000 }] },
    ]);
  });

  it('divides a cue without times among its words by their lengths', () => {
    const [cue] = parseCaptions('WEBVTT\r\n\r\n01:00:00.000 --> 01:00:01.000\r\none two\r\nsix\r\n');
    expect(cue?.words).toEqual([
      { text: 'one', isApart: false, startMs: 3_600_000 },
      { text: 'two', isApart: true, startMs: 3_600_000 + 4_000 / 11 },
      { text: 'six', isApart: true, startMs: 3_600_000 + 8_000 / 11 },
    ]);
  });

  it.each(['', 'WEBVTT', 'no captions\n\nat all', 'WEBVTT\n\n00:01.000 --> soon\nHello'])('finds no cue in %j', (text) => {
    expect(parseCaptions(text)).toEqual([]);
  });
});
