import * as fc from 'fast-check';
import { speakableText } from './speakable-text';

const SEED = 20_261_120;

describe('the speakable form of a text', () => {
  it.each<[string, string, string]>([
    ['plain text', ' It is  noon.\n', 'It is noon.'],
    ['emphasis', '**Really** *very* __good__ _indeed_ ~~not~~', 'Really very good indeed not'],
    ['emphasis within emphasis', '***Both*** and **one *in* it**', 'Both and one in it'],
    ['emphasis on one letter of a word', '**B**old', 'Bold'],
    ['emphasis in a script without spaces', '这是**重要**的，*真的*。**注意：**请看', '这是重要的，真的。注意：请看'],
    ['emphasis before a grammatical ending', '**राम**ने कहा', 'रामने कहा'],
    ['emphasis that is closed in a later sentence', '**Hello there.', 'Hello there.'],
    ['emphasis that was opened in an earlier sentence', 'How are you?**', 'How are you?'],
    ['emphasis in a list item that is closed in a later sentence', '- **Milk, please', 'Milk, please'],
    ['inline code', 'Run `npm start` now', 'Run npm start now'],
    ['inline code with special characters', 'Say `a*b*c`, ``x ` y`` and `<br>`', 'Say a*b*c, x ` y and <br>'],
    ['names with underscores', 'Set MAX_LENGTH_MS to 5, not _max', 'Set MAX_LENGTH_MS to 5, not _max'],
    ['headings', '## The answer', 'The answer'],
    ['headings with closing marks', '## The answer ##', 'The answer'],
    ['block quotes', '> To be', 'To be'],
    ['bullets', '- milk\n* eggs\n• bread\n+ tea', 'milk eggs bread tea'],
    ['list numbers', '1. Wake up.', '1. Wake up.'],
    ['years', '1986. What a year.', '1986. What a year.'],
    ['HTML tags', 'One<br>two <b>three</b> a < b', 'One two three a < b'],
    ['HTML tags with attributes', '<p class="x">See <a href="https://a.b">this</a></p>', 'See this'],
    ['an HTML paragraph that is closed in a later sentence', '<p>Hello.', 'Hello.'],
    ['an HTML paragraph that was opened in an earlier sentence', 'Hello.</p>', 'Hello.'],
    ['HTML tags within words', 'H<sub>2</sub>O, wo<b>r</b>d', 'H 2 O, word'],
    ['tables', '| a | b |', 'a b'],
    ['tables without spaces', '|a|b|c|\n|---|:-:|---|\n|1|2|3|', 'a b c 1 2 3'],
    ['escaped pipes in a table', '| a \\| b | c |', 'a | b c'],
    ['links and images', 'See [the docs](https://example.com/x_y) and ![a cat](cat.png).', 'See the docs and a cat.'],
    ['a link with brackets in its address', 'See [docs](https://a.b/c_(d)) now', 'See docs now'],
    ['a link directly after a word', '请看[文档](https://a.b)。See[this](https://a.b)', '请看文档。Seethis'],
    ['check boxes, footnotes and escaped line ends', '- [ ] milk\n- [x] eggs[^1]\\\n\\* tea', 'milk eggs tea'],
    ['escaped Markdown characters', '2 \\* 3 is 6, \\_so\\_', '2 * 3 is 6, _so_'],
    ['horizontal rules', 'One\n---\ntwo\n***\nthree\n===', 'One two three'],
    ['emoji', 'Good 👍🏽 day 🇮🇳 👩‍👩‍👧 1️⃣ ☀️', 'Good day 1'],
    ['emoji between words', 'Good👍day☝🏽, you❤️', 'Good day, you'],
    ['other scripts', 'अभी **बारह** बजे हैं।', 'अभी बारह बजे हैं।'],
    ['a number alone', '42', '42'],
  ])('contains only what should be spoken of %s', (_, text, expected) => {
    expect(speakableText(text)).toBe(expected);
  });

  it.each([
    '5*3 = 15',
    '5*3*2 = 30 and 5 * 3 * 2 too',
    '2**3**2 = 512',
    'a*b*c, f(x)*g(y)*h(z), (a+b)*c*(d+e)',
    'x*y and y*z',
    'क*ख*ग',
    'C# is #1, 2 * 3 > 5, -4 + 1',
    'P(A|B) = P(B|A) * P(A) / P(B)',
    '|x| + |y|',
    '|x|',
    '||v||',
    'true || false, a | b',
    'x<y and y>z',
    'x<b and b>c',
    'a <b> c',
    'git clone <repository>',
    'Promise<string>, Vec<u>, Map<K, V> and std::vector<int>',
    'Use the <div> element.',
    'first_last@example.com, a_b_c@d_e.com',
    'See https://example.com/a_b_c/*d*?e=f_g and www.example.com/_x_',
    'Open C:\\Users\\me, /usr/local/lib_a, \\\\server\\share',
    'snake_case_name, camelCase, kebab-case, obj.method(), handlers[i](event), a[0](b.c)',
    'It takes ~5 to ~10 minutes, about 5~10.',
    'Rs 1,50,000.50, $5-$10, €3.99, 5% off at 10:30, 24/7',
    'The interval [0, 1](open) or (0, 1], and [^a-z].',
    '#trending, @someone, R&D, AT&T, A/B, 3^2, 10^-3, √2 ≈ 1.41, ±5°C',
    'Say "yes" – it’s ‘fine’… (really) [sic] {ok}',
    'It`s noon',
    'It`s noon, isn`t it?',
    'Open example.com/_a_/b or lib/_x_',
    'C*-algebras, sh*t, int *p, *q and foo(*args, **kwargs)',
    'He rated it 4*, she 5*',
    '© Parley™, ↔ and ☎ stay',
    'क्‍ष और ज्ञ, ක්‍ෂ, ന്‍, می‌خواهم',
    'தமிழ் நாடு, العربية، 中文。日本語！한국어, ไทย',
  ])('does not change text that is not markup: %s', (text) => {
    expect(speakableText(text)).toBe(text);
  });

  it.each<[string, string]>([
    ['Read <https://example.com/help> or write to <help@example.com>.', 'Read https://example.com/help or write to help@example.com.'],
    ['See <mailto:help@example.com>', 'See mailto:help@example.com'],
  ])('loses the angle brackets around addresses: %s', (text, expected) => {
    expect(speakableText(text)).toBe(expected);
  });

  it.each(['', '  \n', '...', '👍', '---', '***', '"', '#', '| --- |', '**', '<br>', '- [ ]'])(
    'is empty when there is nothing to say: %j',
    (text) => {
      expect(speakableText(text)).toBe('');
    },
  );

  it('is trimmed, on one line, and well-formed Unicode for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const spoken = speakableText(text);
        expect(spoken).toBe(spoken.trim());
        expect(spoken).not.toMatch(/\n|\s{2}/u);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

const WORDS = [
  'noon',
  'Café',
  'ÅÄÖ',
  'अभी',
  'क्‍ष',
  'हैं।',
  'தமிழ்',
  'العربية،',
  'می‌خواهم',
  '中文。',
  '日本語',
  '한국어',
  'ไทย',
  'ქართული',
  'Ελλάδα',
  'ελ',
];
const NAMES = [
  'MAX_LENGTH_MS',
  'snake_case',
  'a_b@example.com',
  'https://a.b/c_d?e=f',
  'x.y()',
  'a[0]',
  'Vec<T>',
  '@me',
  'R&D',
  'C#',
  'C++',
  'f(x)',
];
const FIGURES = [
  '5*3',
  '2**8',
  '$5.99',
  '₹1,50,000',
  '10:30',
  '3/4',
  '50%',
  '-4',
  '+91',
  '1.',
  '√2',
  '≈',
  '=',
  '–',
  '&',
  'P(A|B)',
  'x<y',
  'y>z',
  '2',
  '*',
  '…',
];
/** A line that does not begin with a word may begin with a sign that makes it a list, so every line gets a first word. */
const plainText = fc
  .tuple(fc.constantFrom(...WORDS), fc.array(fc.constantFrom(...WORDS, ...NAMES, ...FIGURES), { maxLength: 12 }))
  .map(([first, others]) => [first, ...others]);

describe('the speakable form of any text', () => {
  it('is the text itself when it has no markup', () => {
    fc.assert(
      fc.property(plainText, fc.constantFrom(' ', '  ', '\u00a0'), (words, space) => {
        expect(speakableText(words.join(space))).toBe(words.join(' '));
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('is the text itself for letters of all scripts in any order', () => {
    const letter = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
      .filter((unit) => /^[\p{L}\p{M}\p{N}\s,.;:!?'"()/+=%-]+$/u.test(unit));
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 40 }), (letters) => {
        const text = `a${letters.join('')}`;
        expect(speakableText(text)).toBe(text.replace(/\s+/gu, ' ').trim());
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('keeps every word inside markup, in order', () => {
    const wrap = fc.constantFrom<(word: string) => string>(
      (word) => word,
      (word) => `**${word}**`,
      (word) => `*${word}*`,
      (word) => `_${word}_`,
      (word) => `~~${word}~~`,
      (word) => `\`${word}\``,
      (word) => `<b>${word}</b>`,
      (word) => `[${word}](https://example.com/a_(b))`,
      (word) => `![${word}](a.png)`,
      (word) => `\n- ${word}`,
      (word) => `\n## ${word}\n`,
      (word) => `\n> ${word}`,
      (word) => `\n| ${word} | x1 |\n`,
      (word) => `**${word}`,
      (word) => `${word}**`,
      (word) => `<${word}>`,
    );
    const word = fc
      .integer({ min: 0, max: 99 })
      .chain((number) => fc.constantFrom('w', 'कल', '中', 'ω').map((letter) => `${letter}${number}`));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, wrap), { maxLength: 10 }), (parts) => {
        const text = parts.map(([plain, wrapped]) => wrapped(plain)).join(' ');
        const wordsIn = (some: string): string[] => some.match(/[\p{L}\p{M}]+\d+/gu) ?? [];
        const extra = (some: string[]): string[] => some.filter((one) => one !== 'x1');
        expect(extra(wordsIn(speakableText(text)))).toEqual(parts.map(([plain]) => plain));
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
