import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { applyPronunciations } from './apply-pronunciations';
import { checkPronunciations } from './check-pronunciations';
import { originalAlignment } from './original-alignment';
import { type Pronunciation } from './pronunciation';
import { type SpokenText } from './spoken-text';

const ENTRIES: Pronunciation[] = [
  { word: 'nginx', spelling: 'engine x' },
  { word: 'nginx plus', spelling: 'engine x plus' },
  { word: 'US', spelling: 'U S' },
  { word: 'C++', spelling: 'C plus plus' },
  { word: 'Évian', spelling: 'ay-vyahn' },
  { word: '北京', spelling: 'Beijing' },
  { word: 'राम', spelling: 'Raam' },
  { word: 'niche', ipa: 'niːʃ' },
];

function speak(text: string, entries = ENTRIES, takesPhonemes = true): SpokenText {
  const applied = applyPronunciations(text, entries, takesPhonemes);
  if (applied.isRefused) throw new Error(applied.message);
  return applied.spoken;
}

describe('pronunciations', () => {
  it.each<[string, string, string]>([
    ['a word', 'Use nginx.', 'Use engine x.'],
    ['every case of a word in lower case', 'Nginx, NGINX', 'engine x, engine x'],
    ['the longest word first', 'Use nginx plus or nginx.', 'Use engine x plus or engine x.'],
    ['a word with a capital only as it is written', 'The US and us.', 'The U S and us.'],
    ['no part of a word', 'nginxes, mynginx, nginx2, nginx_a, USA', 'nginxes, mynginx, nginx2, nginx_a, USA'],
    ['a word with an ending after an apostrophe', 'nginx’s and "nginx"', 'engine x’s and "engine x"'],
    ['a word that ends in signs', 'C++, not C.', 'C plus plus, not C.'],
    ['a word that begins with an accent', 'Évian is not xÉvian.', 'ay-vyahn is not xÉvian.'],
    ['a word in a script without spaces', '我在北京住', '我在Beijing住'],
    ['a Hindi word, but not with another vowel', 'राम और रामा', 'Raam और रामा'],
    [
      'nothing in markup',
      '[nginx] <phoneme alphabet="ipa" ph="x">nginx</phoneme>',
      '[nginx] <phoneme alphabet="ipa" ph="x">nginx</phoneme>',
    ],
    ['IPA as a phoneme', 'A Niche.', 'A <phoneme alphabet="ipa" ph="niːʃ">Niche</phoneme>.'],
  ])('put in: %s', (_, text, expected) => {
    expect(speak(text).text).toBe(expected);
  });

  it('in IPA are refused for a model that does not take them, if the word is spoken', () => {
    expect(applyPronunciations('A niche.', ENTRIES, false)).toEqual({
      isRefused: true,
      message: 'The pronunciation of "niche" is in IPA, which the model does not take. Spell it in another way.',
    });
    expect(speak('nginx', ENTRIES, false).text).toBe('engine x');
  });

  it('prefer the exact word to the one in lower case', () => {
    expect(
      speak('it IT', [
        { word: 'it', spelling: 'a' },
        { word: 'IT', spelling: 'b' },
      ]).text,
    ).toBe('a b');
  });

  it('cover the original and the spoken text', () => {
    const part = fc.constantFrom('nginx', ' ', 'plus', 'US', 'C++', '北京', 'niche', 'Niche', '.', '<b>', '[x', '😀', 'राम', 'ा');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60, size: 'max' }), (parts) => {
        const { text, original, stretches } = speak(parts.join(''));
        expect(original).toBe(parts.join(''));
        let [at, originalAt] = [0, 0];
        for (const stretch of stretches) {
          expect([stretch.from, stretch.originalFrom]).toEqual([at, originalAt]);
          if (stretch.isSame) expect(text.slice(at, stretch.to)).toBe(original.slice(originalAt, stretch.originalTo));
          [at, originalAt] = [stretch.to, stretch.originalTo];
        }
        expect([at, originalAt]).toEqual([text.length, original.length]);
      }),
    );
  });
});

describe('the alignment of the original text', () => {
  const evenly = (text: string) => ({
    chars: text.split(''),
    startMs: text.split('').map((_, index) => index * 100),
    durationMs: text.split('').map(() => 100),
  });

  it('has the time of the pronunciation for a word that was replaced', () => {
    expect(originalAlignment(speak('US, no'), evenly('U S, no'))).toEqual({
      chars: ['U', 'S', ',', ' ', 'n', 'o'],
      startMs: [0, 150, 300, 400, 500, 600],
      durationMs: [150, 150, 100, 100, 100, 100],
    });
  });

  it.each(['A niche 😀.', 'A <phoneme alphabet="ipa" ph="niːʃ">niche</phoneme> 😀.'])(
    'leaves phoneme elements out where the model reports %j',
    (reported) => {
      const { chars, startMs } = originalAlignment(speak('A niche 😀.'), evenly(reported));
      expect(chars.join('')).toBe('A niche 😀.');
      const place = reported.indexOf('niche');
      expect(startMs.slice(2, 7)).toEqual([0, 1, 2, 3, 4].map((index) => (place + index) * 100));
    },
  );

  it('is empty without any time', () => {
    expect(originalAlignment(speak('nginx'), { chars: [], startMs: [], durationMs: [] })).toEqual({
      chars: [],
      startMs: [],
      durationMs: [],
    });
  });
});

describe('the check of pronunciations', () => {
  it('accepts good ones', () => {
    expect(checkPronunciations(ENTRIES, true)).toEqual([]);
    expect(checkPronunciations([{ word: 'a', ipa: 'ˌɛn.d͡ʒɪnˈɛks ‿ t͜s a̠ː kʰ˥' }], true)).toEqual([]);
  });

  it.each<[string, Pronunciation, string]>([
    ['no word', { word: ' ', spelling: 'a' }, 'A pronunciation needs a word.'],
    ['white space around the word', { word: ' a', spelling: 'b' }, 'The word "a" has white space around it.'],
    [
      'a long word',
      { word: 'a'.repeat(101), spelling: 'b' },
      'The word "aaaaaaaaaaaaaaaaaaaa…" has 101 characters; at most 100 are allowed.',
    ],
    ['markup in the word', { word: '<a>', spelling: 'b' }, 'The word "<a>" holds markup or control characters.'],
    ['no spelling', { word: 'a', spelling: '' }, 'The spelling of "a" is empty.'],
    ['a long spelling', { word: 'a', spelling: 'b'.repeat(201) }, 'The spelling of "a" has 201 characters; at most 200 are allowed.'],
    ['markup in the spelling', { word: 'a', spelling: '[b]' }, 'The spelling of "a" holds markup or control characters.'],
    ['a control character', { word: 'a', spelling: 'b\u0000' }, 'The spelling of "a" holds markup or control characters.'],
    ['no IPA', { word: 'a', ipa: '' }, 'The pronunciation of "a" is empty.'],
    [
      'digits in IPA',
      { word: 'a', ipa: 'AH0' },
      'The pronunciation of "a" holds characters that are not of the International Phonetic Alphabet.',
    ],
    [
      'markup in IPA',
      { word: 'a', ipa: 'a"/>' },
      'The pronunciation of "a" holds characters that are not of the International Phonetic Alphabet.',
    ],
  ])('refuses %s', (_, entry, message) => {
    expect(checkPronunciations([{ word: 'x', spelling: 'y' }, entry], true)).toEqual([{ index: 1, message }]);
  });

  it('refuses IPA for a model that does not take it, a word twice, and too many', () => {
    expect(checkPronunciations([{ word: 'a', ipa: 'a' }], false)).toEqual([
      {
        index: 0,
        message: 'The pronunciation of "a" is in IPA, which the model does not take. Spell it in another way, such as "engine x".',
      },
    ]);
    expect(
      checkPronunciations(
        [
          { word: 'a', spelling: 'b' },
          { word: 'a', spelling: 'c' },
        ],
        true,
      ),
    ).toEqual([{ index: 1, message: 'The word "a" has a pronunciation already.' }]);
    const many = Array.from({ length: 1_001 }, (_, index) => ({ word: `w${index}`, spelling: 'a' }));
    expect(checkPronunciations(many, true)).toEqual([
      { index: 1_000, message: 'There are 1001 pronunciations; at most 1000 are allowed.' },
    ]);
  });
});
