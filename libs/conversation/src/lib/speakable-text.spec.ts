import * as fc from 'fast-check';
import { speakableText } from './speakable-text';

describe('speakable text', () => {
  it.each<[string, string, string]>([
    ['plain text', ' It is  noon.\n', 'It is noon.'],
    ['emphasis', '**Really** *very* __good__ _indeed_ ~~not~~', 'Really very good indeed not'],
    ['code', 'Run `npm start` now', 'Run npm start now'],
    ['names with underscores', 'Set MAX_LENGTH_MS to 5', 'Set MAX LENGTH MS to 5'],
    ['headings', '## The answer', 'The answer'],
    ['quotations', '> To be', 'To be'],
    ['bullets', '- milk\n* eggs\n• bread\n+ tea', 'milk eggs bread tea'],
    ['list numbers', '1. Wake up.', '1. Wake up.'],
    ['tags', 'One<br>two <b>three</b> a < b', 'One two three a < b'],
    ['tables', '| a | b |', 'a b'],
    ['links', 'See [the docs](https://example.com/x_y) and ![a cat](cat.png).', 'See the docs and a cat.'],
    ['a link with brackets in its address', 'See [docs](https://a.b/c_(d)) now', 'See docs now'],
    ['boxes to tick, footnotes and escapes', '- [ ] milk\n- [x] eggs[^1]\\\n\\* tea', 'milk eggs tea'],
    ['paths', 'Open C:\\Users\\me', 'Open C:\\Users\\me'],
    ['emoji', 'Good 👍🏽 day 🇮🇳 👩‍👩‍👧 1️⃣ ☀️', 'Good day 1'],
    ['signs that are meant', 'C# is #1, 2 * 3 > 5, -4 + 1', 'C# is #1, 2 * 3 > 5, -4 + 1'],
    ['other scripts', 'अभी **बारह** बजे हैं।', 'अभी बारह बजे हैं।'],
    ['digits', '42', '42'],
  ])('keeps what is to be said of: %s', (_, text, expected) => {
    expect(speakableText(text)).toBe(expected);
  });

  it.each(['', '  \n', '...', '👍', '---', '***', '"', '#', '| --- |'])('is empty where nothing is to be said: %j', (text) => {
    expect(speakableText(text)).toBe('');
  });

  it('is trimmed, on one line, and well formed, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const spoken = speakableText(text);
        expect(spoken).toBe(spoken.trim());
        expect(spoken).not.toMatch(/\n|\s{2}/u);
      }),
      { seed: 20_261_120, numRuns: 300 },
    );
  });
});
