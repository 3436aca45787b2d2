import { SpokenText } from './spoken-text';

/** Adds a text whose characters follow each other every 10 ms. */
function add(spoken: SpokenText, segment: number, text: string, fromMs = 0): void {
  const chars = [...text];
  spoken.add({ segment, chars, start_ms: chars.map((_, index) => fromMs + index * 10), duration_ms: chars.map(() => 10) });
}

describe('SpokenText', () => {
  const wordAt = (spoken: SpokenText, segment: number, playedMs: number): string => {
    const { from, to } = spoken.wordAt(segment, playedMs);
    return spoken.text.slice(from, to);
  };

  it('tells the word that is heard', () => {
    const spoken = new SpokenText();
    add(spoken, 1, 'Good morning.');
    expect([0, 35, 45, 55, 10_000].map((ms) => wordAt(spoken, 1, ms))).toEqual(['Good', 'Good', 'Good', 'morning.', 'morning.']);
  });

  it('knows the words of a later segment by its own time', () => {
    const spoken = new SpokenText();
    add(spoken, 1, 'One ');
    add(spoken, 2, 'Two 😀 ');
    add(spoken, 2, 'three', 60);
    expect(spoken.text).toBe('One Two 😀 three');
    expect([wordAt(spoken, 2, 0), wordAt(spoken, 2, 40), wordAt(spoken, 2, 65)]).toEqual(['Two', '😀', 'three']);
  });

  it('does not mix the words of two segments without a space between them', () => {
    const spoken = new SpokenText();
    add(spoken, 1, 'One');
    add(spoken, 2, 'Two');
    expect([wordAt(spoken, 2, 5), wordAt(spoken, 1, 5)]).toEqual(['Two', 'One']);
  });

  it('forgets the words that were not heard to their end', () => {
    const after = (playedMs: number): string => {
      const spoken = new SpokenText();
      add(spoken, 1, 'One ');
      add(spoken, 2, 'two three ');
      add(spoken, 3, 'four');
      spoken.cutAfter(2, playedMs);
      add(spoken, 4, '|');
      return spoken.text;
    };
    expect([0, 60, 100].map(after)).toEqual(['One |', 'One two |', 'One two three |']);
  });

  it('has no word before the first one', () => {
    const spoken = new SpokenText();
    expect(spoken.wordAt(1, 100)).toEqual({ from: 0, to: 0 });
    add(spoken, 1, 'Late', 200);
    expect(spoken.wordAt(1, 100)).toEqual({ from: 0, to: 0 });
  });
});
