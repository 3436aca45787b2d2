import { spokenCharacters } from './spoken-characters';

const word = (text: string, startMs: number, endMs: number) => ({ word: text, startMs, endMs });

describe('character times', () => {
  it('are spread over each word, with spaces between the words', () => {
    const characters = spokenCharacters('Hi you. ', [word('hi', 30, 130), word('you', 200, 600)], 700);
    expect(characters.map(({ char }) => char).join('')).toBe('Hi you. ');
    expect(characters.slice(0, 4)).toEqual([
      { char: 'H', startMs: 30, endMs: 80 },
      { char: 'i', startMs: 80, endMs: 130 },
      { char: ' ', startMs: 130, endMs: 200 },
      { char: 'y', startMs: 200, endMs: 300 },
    ]);
    expect(characters.at(-1)).toEqual({ char: ' ', startMs: 600, endMs: 600 });
  });

  it('are shared evenly where written and spoken words differ', () => {
    const spoken = [word('at', 0, 100), word('ten', 100, 300), word('thirty', 300, 500), word('sharp', 500, 900)];
    const characters = spokenCharacters('At 10:30 sharp!', spoken, 900);
    const at = (char: string) => characters.find((character) => character.char === char);
    expect(at('1')).toMatchObject({ startMs: 100 });
    expect(at('3')?.startMs).toBeGreaterThan(200);
    expect(at('s')).toMatchObject({ startMs: 500 });
    expect(characters.at(-1)?.endMs).toBe(900);
  });

  it('never run backwards, and include every character', () => {
    const spoken = [
      word('five', 0, 200),
      word('hundred', 200, 500),
      word('and', 500, 600),
      word('two', 600, 800),
      word('rupees', 800, 1200),
    ];
    for (const text of ['₹502', 'Totally different words here', '  leading space', '502 rupees 😀!']) {
      const characters = spokenCharacters(text, spoken, 1200);
      expect(characters.map(({ char }) => char).join('')).toBe(text);
      for (const [i, { startMs, endMs }] of characters.entries()) {
        expect(endMs).toBeGreaterThanOrEqual(startMs);
        expect(startMs).toBeGreaterThanOrEqual(characters[i - 1]?.startMs ?? 0);
      }
    }
  });
});
