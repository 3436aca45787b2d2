import * as fc from 'fast-check';
import { flushText, newSplitter, pushText } from './sentence-splitter';

/** Splits a text that arrives in these tokens into all of its pieces. */
function split(tokens: readonly string[]): string[] {
  let splitter = newSplitter();
  const pieces: string[] = [];
  for (const token of tokens) {
    const result = pushText(splitter, token);
    splitter = result.splitter;
    pieces.push(...result.sentences);
  }
  return [...pieces, ...flushText(splitter).sentences];
}

const spoken = (text: string): string[] => split([text]).map((piece) => piece.trim());

describe('the sentence splitter', () => {
  it.each<[string, string, string[]]>([
    ['sentence-ending punctuation', 'It is noon. Really? Yes! Good.', ['It is noon.', 'Really?', 'Yes!', 'Good.']],
    ['decimal numbers', 'Pi is 3.14. It costs $2.50 today.', ['Pi is 3.14.', 'It costs $2.50 today.']],
    ['version numbers and times', 'Use v1.2.3 at 10.30. Done.', ['Use v1.2.3 at 10.30.', 'Done.']],
    ['titles', 'Dr. Rao met Mrs. Iyer. They talked.', ['Dr. Rao met Mrs. Iyer.', 'They talked.']],
    [
      'other abbreviations',
      'Fruit, e.g. apples, vs. nuts. Eat at 5 p.m. sharp.',
      ['Fruit, e.g. apples, vs. nuts.', 'Eat at 5 p.m. sharp.'],
    ],
    ['words that end like abbreviations', 'I saw the dust. He ate the gist. Fine.', ['I saw the dust.', 'He ate the gist.', 'Fine.']],
    ['initials', 'J. R. R. Tolkien wrote it. Read it.', ['J. R. R. Tolkien wrote it.', 'Read it.']],
    ['the word I at the end of a sentence', 'So do I. You too.', ['So do I.', 'You too.']],
    ['the word No as an answer', 'No. That is wrong.', ['No.', 'That is wrong.']],
    ['no. as the abbreviation of number', 'Take bus no. 5 to town. Bye.', ['Take bus no. 5 to town.', 'Bye.']],
    ['web addresses', 'See https://example.com/a.b?c=d. It helps.', ['See https://example.com/a.b?c=d.', 'It helps.']],
    ['mail addresses and file names', 'Write to me@example.org or open a.txt. Bye.', ['Write to me@example.org or open a.txt.', 'Bye.']],
    ['ellipses', 'Well... let me see. Wait… Now.', ['Well...', 'let me see.', 'Wait…', 'Now.']],
    ['repeated punctuation marks', 'Yes. What?! No way!!! Ok.', ['Yes.', 'What?!', 'No way!!!', 'Ok.']],
    [
      'quotes and brackets',
      'He said "go." Then he left. (Alone.) “Why?” I ask.',
      ['He said "go."', 'Then he left.', '(Alone.)', '“Why?”', 'I ask.'],
    ],
    ['a numbered list', '1. Wake up.\n2. Eat.\n10. Sleep.', ['1. Wake up.', '2. Eat.', '10. Sleep.']],
    ['a sentence that ends in a number', 'It is 42. Next.', ['It is 42.', 'Next.']],
    ['line breaks', 'Title\nFirst line\n\n\nSecond line\r\nThird', ['Title', 'First line', 'Second line', 'Third']],
    [
      'abbreviations of places, money and degrees',
      'Mt. Abu is Rs. 500 away. Ask a Ph.D. there.',
      ['Mt. Abu is Rs. 500 away.', 'Ask a Ph.D. there.'],
    ],
    ['Hindi titles', 'डॉ. राव आए हैं। श्री. मेहता भी।', ['डॉ. राव आए हैं।', 'श्री. मेहता भी।']],
    ['Urdu punctuation', 'کیا وقت ہے؟ دوپہر ہے۔ شکریہ', ['کیا وقت ہے؟', 'دوپہر ہے۔', 'شکریہ']],
    ['Santali and Meitei punctuation', 'ᱡᱚᱦᱟᱨ᱾ ᱵᱮᱥ ꯍꯧꯔꯤ꯫ ꯌꯥꯔꯦ', ['ᱡᱚᱦᱟᱨ᱾', 'ᱵᱮᱥ ꯍꯧꯔꯤ꯫', 'ꯌꯥꯔꯦ']],
    ['scripts that use full stops', 'வணக்கம். நலமா? సరే. ಸರಿ.', ['வணக்கம்.', 'நலமா?', 'సరే.', 'ಸರಿ.']],
    ['half-width CJK punctuation', 'はい｡ いいえ', ['はい｡', 'いいえ']],
    ['the danda', 'अभी बारह बजे हैं। क्या और कुछ? हाँ॥ ठीक', ['अभी बारह बजे हैं।', 'क्या और कुछ?', 'हाँ॥', 'ठीक']],
    ['CJK punctuation', '现在是中午。真的吗？好！「是。」他说', ['现在是中午。', '真的吗？', '好！', '「是。」', '他说']],
    ['text without any punctuation', 'just some words', ['just some words']],
  ])('splits correctly: %s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
  });

  it('emits a sentence as soon as the next character confirms its end', () => {
    let { splitter, sentences } = pushText(newSplitter(), 'It is noon');
    expect(sentences).toEqual([]);
    ({ splitter, sentences } = pushText(splitter, '.'));
    expect(sentences).toEqual([]);
    ({ splitter, sentences } = pushText(splitter, ' '));
    expect(sentences).toEqual(['It is noon.']);
    ({ splitter, sentences } = pushText(splitter, 'A line\n'));
    expect(sentences).toEqual([' A line\n']);
    expect(flushText(splitter).sentences).toEqual([]);
  });

  it('emits nothing for an empty text', () => {
    expect(split([])).toEqual([]);
    expect(split(['', ''])).toEqual([]);
  });
});

describe('the first piece of a reply', () => {
  it('may end at a clause boundary after 25 characters, so that speech begins early', () => {
    expect(spoken('The weather in Delhi is fine, and so it is in Pune, they say. Yes, it is, and that is all, I think.')).toEqual([
      'The weather in Delhi is fine,',
      'and so it is in Pune, they say.',
      'Yes, it is, and that is all, I think.',
    ]);
  });

  it.each([
    [
      'does not end at a clause boundary before that length',
      'Well, yes, the weather in Delhi: fine.',
      ['Well, yes, the weather in Delhi:', 'fine.'],
    ],
    [
      'ends at a comma of another script',
      'دہلی میں آج موسم بہت اچھا ہے، اور شام کو بارش',
      ['دہلی میں آج موسم بہت اچھا ہے،', 'اور شام کو بارش'],
    ],
    ['does not end inside a number', 'There were about twenty and 1,000 people.', ['There were about twenty and 1,000 people.']],
    [
      'does not end at a clause boundary once a sentence was emitted',
      'Yes. The weather in Delhi is fine, and dry.',
      ['Yes.', 'The weather in Delhi is fine, and dry.'],
    ],
    ['ends at a dash', 'The weather in Delhi is fine — and dry.', ['The weather in Delhi is fine —', 'and dry.']],
  ])('%s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
  });
});

describe('the first piece of a reply is emitted without waiting for more text', () => {
  /** The pieces that have been emitted when this much of the text has arrived. */
  const sofar = (text: string): string[] => pushText(newSplitter(), text).sentences;

  it.each([
    ['a question mark', 'Really?'],
    ['an exclamation mark', 'Yes!'],
    ['a danda', 'अभी बारह बजे हैं।'],
    ['a CJK full stop', '现在是中午。'],
    ['an Urdu full stop', 'دوپہر ہے۔'],
    ['a comma after enough words', 'The weather in Delhi is fine,'],
    ['a dash after enough words', 'The weather in Delhi is fine—'],
    ['a line break', 'Title\n'],
  ])('when it ends in %s', (_, text) => {
    expect(sofar(text)).toEqual([text]);
    expect(sofar(text.slice(0, -1))).toEqual([]);
  });

  it.each([
    ['a full stop, because a decimal number or an address may follow', 'It is 3.'],
    ['a full stop after a word, for the same reason', 'Open example.'],
    ['a question mark inside an address', 'See https://example.com/a?'],
    ['a mark inside open quotes', 'He asked, “Why?'],
    ['a comma after a digit', 'There live about twenty and 1,'],
    ['a comma after too few words', 'Well, yes,'],
    ['a word that only begins like a conjunction', 'The weather in Delhi is as fine as it was and'],
  ])('but not when it ends in %s', (_, text) => {
    expect(sofar(text)).toEqual([]);
  });

  it('when a conjunction follows and it is long enough', () => {
    expect(spoken('The weather in Delhi is as fine as it was and so it is in Pune and in Goa.')).toEqual([
      'The weather in Delhi is as fine as it was',
      'and so it is in Pune and in Goa.',
    ]);
    expect(spoken('Tea and bread and butter and jam are here.')).toEqual(['Tea and bread and butter and jam are here.']);
    expect(spoken('दिल्ली में आज मौसम बहुत अच्छा रहेगा लेकिन शाम को बारिश होगी।')).toEqual([
      'दिल्ली में आज मौसम बहुत अच्छा रहेगा',
      'लेकिन शाम को बारिश होगी।',
    ]);
  });

  it('and a further mark after it is a piece without words', () => {
    expect(spoken('What?! No way.')).toEqual(['What?', '!', 'No way.']);
  });
});

describe('the first piece of a reply', () => {
  it.each([
    ['That would be the **Battle of Hastings, 1066**, I believe.', 'That would be the **Battle of Hastings, 1066**,'],
    ['You would have to type `find src -name a,b`, I believe.', 'You would have to type `find src -name a,b`,'],
    ['It is 2**10 as anybody knows, or 1024.', 'It is 2**10 as anybody knows, or 1024.'],
  ])('does not end inside markup or code that belongs together: %s', (text, first) => {
    expect(spoken(text)[0]).toBe(first);
  });
});

describe('a Markdown link', () => {
  it.each([
    ['text', 'See [the docs. Really](https://a.b/c?d=e) now. Bye.', ['See [the docs. Really](https://a.b/c?d=e) now.', 'Bye.']],
    ['address', 'See [docs](https://a.b/c "The docs. All") now. Bye.', ['See [docs](https://a.b/c "The docs. All") now.', 'Bye.']],
    ['text in a script without spaces', '看[文档。真的](https://a.b)吧。好', ['看[文档。真的](https://a.b)吧。', '好']],
    [
      'text, at a clause boundary of the first piece',
      'Look [at the weather in Delhi, and in Pune](https://a.b) now.',
      ['Look [at the weather in Delhi, and in Pune](https://a.b) now.'],
    ],
  ])('is not split inside its %s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
    expect(split([...text]).map((piece) => piece.trim())).toEqual(expected);
  });

  it('is awaited only until the end of its line', () => {
    expect(spoken('An open [bracket. There\nit is. Done.')).toEqual(['An open [bracket. There', 'it is.', 'Done.']);
  });
});

describe('a code block', () => {
  it.each([
    ['between sentences', 'Do this:\n```js\nconst a = 1. \nrun(a)!\n```\nThen wait. Done.', ['Do this:', 'Then wait.', 'Done.']],
    ['that is fenced with tildes', 'Here.\n~~~\ncode. more\n~~~\nDone.', ['Here.', 'Done.']],
    ['that is indented and follows an empty line', 'Here.\n\n  ```\n  code\n  ```\n\nDone.', ['Here.', 'Done.']],
    ['that is never closed', 'Here.\n```sh\nnpm start\nnpm test', ['Here.']],
    [
      'directly after the words that announce it',
      'Do this: ```js\nconst a = 1. \nrun(a)!\n```\nThen wait. Done.',
      ['Do this:', 'Then wait.', 'Done.'],
    ],
    ['directly after a sentence', 'Run it. ```sh\nnpm start\n```\nDone.', ['Run it.', 'Done.']],
    ['inside a list', 'Steps:\n1. ```sh\nnpm start\n```\n2. Wait.\nDone.', ['Steps:', '1.', '2. Wait.', 'Done.']],
    ['inside a block quote', '> ```js\n> code(). b\n> ```\nDone.', ['>', 'Done.']],
    ['that contains another code block', '````md\n```js\ncode. b\n```\ncode\n````\nDone.', ['Done.']],
    ['that is closed at the end of its last line of code', 'Here:\n```js\ncode. b```\nThen wait. Done.', ['Here:', 'Then wait.', 'Done.']],
    ['that contains backticks in its code', 'Here:\n```js\nlog("```");\ncode. b\n```\nDone.', ['Here:', 'Done.']],
    ['that is followed by words on its closing line', '```js\ncode\n``` and so on. Done.', ['and so on.', 'Done.']],
    ['of which only the opening marks arrived', 'Here it is: ```js', ['Here it is:']],
    [
      'at the beginning of the reply',
      '```\ncode\n```\nThat was all, and nothing more, I think.',
      ['That was all, and nothing more,', 'I think.'],
    ],
    ['unlike inline code in triple backticks', 'Run ```npm start``` now. Done.', ['Run ```npm start``` now.', 'Done.']],
    [
      'unlike opening marks without a line break for a long stretch',
      `So \`\`\`${'word '.repeat(80)}ends. Done.`,
      expect.arrayContaining(['Done.']),
    ],
  ])('is left out of speech: %s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
    expect(split([...text]).map((piece) => piece.trim())).toEqual(expected);
  });
});

describe('a long text without punctuation', () => {
  it('is split at a space', () => {
    const pieces = split(['word '.repeat(200)]);
    expect(pieces.map((piece) => piece.length)).toEqual([300, 300, 300, 100]);
  });

  it('is split anywhere when it has no space, but never inside a character', () => {
    const pieces = split(['a'.repeat(299) + '🎈'.repeat(200)]);
    expect(pieces[0]).toBe('a'.repeat(299));
    for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBe(300);
  });
});

describe('for any division of the text into tokens', () => {
  const parts = fc.constantFrom(
    ...[
      'Dr. Rao',
      'no. 5',
      'No.',
      'So do I.',
      'J. R.',
      '3.14',
      '1,000',
      'e.g.',
      '1.',
      '12.',
      'word',
      'clause, ',
      'clause,',
      ' and ',
      ' but',
      ' और ',
      '¿Qué?',
      '“Why?”',
      'डॉ.',
      '۔',
      '`code`',
      'https://a.b/c?d=e',
      '...',
    ],
    ...[
      '…',
      '?!',
      '."',
      '.)',
      '. ',
      '.',
      '! ',
      ': ',
      ' — ',
      '\n',
      '\n\n',
      ' \n',
      '  ',
      ' ',
      '।',
      '।।',
      '॥ ',
      '。',
      '。」',
      '！？',
      '，',
      '🎈',
      '\r\n',
    ],
    'x'.repeat(120),
    'a long run of words without any mark at all that goes on and on ',
  );
  const texts = fc.array(parts, { maxLength: 30, size: 'max' }).map((list) => list.join(''));
  /** Cuts a text into tokens of these lengths, repeating the lengths as often as needed. */
  const cut = (text: string, lengths: readonly number[]): string[] => {
    const tokens: string[] = [];
    for (let at = 0, index = 0; at < text.length; index++) {
      const length = lengths[index % lengths.length] ?? 1;
      tokens.push(text.slice(at, at + length));
      at += length;
    }
    return tokens;
  };

  it('the pieces are the same, and joined they are the text', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }), (text, lengths) => {
        const pieces = split(cut(text, lengths));
        expect(pieces.join('')).toBe(text);
        expect(pieces).toEqual(split([text]));
        expect(pieces).toEqual(split([...text]));
      }),
      { seed: 20_261_120, numRuns: 1_000 },
    );
  });

  it('no line of a code block is spoken, and no other text is lost', () => {
    const prose = fc.array(parts, { maxLength: 8 }).map((list) => `${list.join('').replaceAll('`', '')}\n`);
    const code = fc
      .array(fc.constantFrom('CODE = 1.', 'run(CODE)!', '', '  # CODE? yes. no', 'CODE'.repeat(100)), { maxLength: 5 })
      .map((lines) => ['```ts', ...lines, '```', ''].join('\n'));
    const announced = fc.constantFrom('', 'Like this: ', '1. ', '> ');
    const blocks = fc.array(fc.tuple(prose, announced, code), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(blocks, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }), (list, lengths) => {
        const pieces = split(cut(list.flat().join(''), lengths));
        const bare = (text: string): string => text.replace(/\s+/gu, '');
        expect(bare(pieces.join(''))).toBe(bare(list.map(([text, words]) => text + words).join('')));
      }),
      { seed: 20_261_120, numRuns: 500 },
    );
  });
});
