import * as fc from 'fast-check';
import { flushText, newSplitter, pushText } from './sentence-splitter';

/** All pieces of a text that comes in these tokens. */
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

describe('sentences', () => {
  it.each<[string, string, string[]]>([
    ['marks', 'It is noon. Really? Yes! Good.', ['It is noon.', 'Really?', 'Yes!', 'Good.']],
    ['decimals', 'Pi is 3.14. It costs $2.50 today.', ['Pi is 3.14.', 'It costs $2.50 today.']],
    ['versions and times', 'Use v1.2.3 at 10.30. Done.', ['Use v1.2.3 at 10.30.', 'Done.']],
    ['titles', 'Dr. Rao met Mrs. Iyer. They talked.', ['Dr. Rao met Mrs. Iyer.', 'They talked.']],
    [
      'other abbreviations',
      'Fruit, e.g. apples, vs. nuts. Eat at 5 p.m. sharp.',
      ['Fruit, e.g. apples, vs. nuts.', 'Eat at 5 p.m. sharp.'],
    ],
    ['words that end like abbreviations', 'I saw the dust. He ate the gist. Fine.', ['I saw the dust.', 'He ate the gist.', 'Fine.']],
    ['initials', 'J. R. R. Tolkien wrote it. Read it.', ['J. R. R. Tolkien wrote it.', 'Read it.']],
    ['I at the end', 'So do I. You too.', ['So do I.', 'You too.']],
    ['No as an answer', 'No. That is wrong.', ['No.', 'That is wrong.']],
    ['No as a number sign', 'Take bus no. 5 to town. Bye.', ['Take bus no. 5 to town.', 'Bye.']],
    ['addresses', 'See https://example.com/a.b?c=d. It helps.', ['See https://example.com/a.b?c=d.', 'It helps.']],
    ['mail and file names', 'Write to me@example.org or open a.txt. Bye.', ['Write to me@example.org or open a.txt.', 'Bye.']],
    ['ellipses', 'Well... let me see. Wait… Now.', ['Well...', 'let me see.', 'Wait…', 'Now.']],
    ['several marks', 'Yes. What?! No way!!! Ok.', ['Yes.', 'What?!', 'No way!!!', 'Ok.']],
    ['quotes', 'He said "go." Then he left. (Alone.) “Why?” I ask.', ['He said "go."', 'Then he left.', '(Alone.)', '“Why?”', 'I ask.']],
    ['a numbered list', '1. Wake up.\n2. Eat.\n10. Sleep.', ['1. Wake up.', '2. Eat.', '10. Sleep.']],
    ['a sentence that ends in a number', 'It is 42. Next.', ['It is 42.', 'Next.']],
    ['lines', 'Title\nFirst line\n\n\nSecond line\r\nThird', ['Title', 'First line', 'Second line', 'Third']],
    [
      'abbreviations of places, money and degrees',
      'Mt. Abu is Rs. 500 away. Ask a Ph.D. there.',
      ['Mt. Abu is Rs. 500 away.', 'Ask a Ph.D. there.'],
    ],
    ['Hindi titles', 'डॉ. राव आए हैं। श्री. मेहता भी।', ['डॉ. राव आए हैं।', 'श्री. मेहता भी।']],
    ['Urdu marks', 'کیا وقت ہے؟ دوپہر ہے۔ شکریہ', ['کیا وقت ہے؟', 'دوپہر ہے۔', 'شکریہ']],
    ['Santali and Meitei marks', 'ᱡᱚᱦᱟᱨ᱾ ᱵᱮᱥ ꯍꯧꯔꯤ꯫ ꯌꯥꯔꯦ', ['ᱡᱚᱦᱟᱨ᱾', 'ᱵᱮᱥ ꯍꯧꯔꯤ꯫', 'ꯌꯥꯔꯦ']],
    ['scripts that use full stops', 'வணக்கம். நலமா? సరే. ಸರಿ.', ['வணக்கம்.', 'நலமா?', 'సరే.', 'ಸರಿ.']],
    ['half-width CJK', 'はい｡ いいえ', ['はい｡', 'いいえ']],
    ['danda', 'अभी बारह बजे हैं। क्या और कुछ? हाँ॥ ठीक', ['अभी बारह बजे हैं।', 'क्या और कुछ?', 'हाँ॥', 'ठीक']],
    ['CJK', '现在是中午。真的吗？好！「是。」他说', ['现在是中午。', '真的吗？', '好！', '「是。」', '他说']],
    ['no mark at all', 'just some words', ['just some words']],
  ])('are cut at: %s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
  });

  it('come as soon as the next character proves their end', () => {
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

  it('do not exist in nothing', () => {
    expect(split([])).toEqual([]);
    expect(split(['', ''])).toEqual([]);
  });
});

describe('the first piece', () => {
  it('may end at a clause after 25 characters, so that speech begins early', () => {
    expect(spoken('The weather in Delhi is fine, and so it is in Pune, they say. Yes, it is, and that is all, I think.')).toEqual([
      'The weather in Delhi is fine,',
      'and so it is in Pune, they say.',
      'Yes, it is, and that is all, I think.',
    ]);
  });

  it.each([
    ['not before', 'Well, yes, the weather in Delhi: fine.', ['Well, yes, the weather in Delhi:', 'fine.']],
    ['at a comma of another script', 'دہلی میں آج موسم بہت اچھا ہے، اور شام کو بارش', ['دہلی میں آج موسم بہت اچھا ہے،', 'اور شام کو بارش']],
    ['not inside a number', 'There were about twenty and 1,000 people.', ['There were about twenty and 1,000 people.']],
    ['nor after a sentence', 'Yes. The weather in Delhi is fine, and dry.', ['Yes.', 'The weather in Delhi is fine, and dry.']],
    ['at a dash', 'The weather in Delhi is fine — and dry.', ['The weather in Delhi is fine —', 'and dry.']],
  ])('%s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
  });
});

describe('the first piece leaves at once', () => {
  /** The pieces that are there when the text has come so far. */
  const sofar = (text: string): string[] => pushText(newSplitter(), text).sentences;

  it.each([
    ['a question', 'Really?'],
    ['a cry', 'Yes!'],
    ['a danda', 'अभी बारह बजे हैं।'],
    ['a CJK full stop', '现在是中午。'],
    ['an Urdu full stop', 'دوپہر ہے۔'],
    ['a comma behind enough words', 'The weather in Delhi is fine,'],
    ['a dash behind enough words', 'The weather in Delhi is fine—'],
    ['a line', 'Title\n'],
  ])('with %s', (_, text) => {
    expect(sofar(text)).toEqual([text]);
    expect(sofar(text.slice(0, -1))).toEqual([]);
  });

  it.each([
    ['a full stop: a decimal or an address may follow', 'It is 3.'],
    ['a full stop behind a word, too', 'Open example.'],
    ['a mark within an address', 'See https://example.com/a?'],
    ['quotes that are open', 'He asked, “Why?'],
    ['a comma behind a digit', 'There live about twenty and 1,'],
    ['a comma behind few words', 'Well, yes,'],
    ['a word that only begins like a conjunction', 'The weather in Delhi is as fine as it was and'],
  ])('but not with %s', (_, text) => {
    expect(sofar(text)).toEqual([]);
  });

  it('before a conjunction, once enough has been said', () => {
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

  it('and a mark more behind it is a piece without a word', () => {
    expect(spoken('What?! No way.')).toEqual(['What?', '!', 'No way.']);
  });
});

describe('the first piece', () => {
  it.each([
    ['That would be the **Battle of Hastings, 1066**, I believe.', 'That would be the **Battle of Hastings, 1066**,'],
    ['You would have to type `find src -name a,b`, I believe.', 'You would have to type `find src -name a,b`,'],
    ['It is 2**10 as anybody knows, or 1024.', 'It is 2**10 as anybody knows, or 1024.'],
  ])('does not end within signs that belong together: %s', (text, first) => {
    expect(spoken(text)[0]).toBe(first);
  });
});

describe('a link', () => {
  it.each([
    ['text', 'See [the docs. Really](https://a.b/c?d=e) now. Bye.', ['See [the docs. Really](https://a.b/c?d=e) now.', 'Bye.']],
    ['address', 'See [docs](https://a.b/c "The docs. All") now. Bye.', ['See [docs](https://a.b/c "The docs. All") now.', 'Bye.']],
    ['text of a script without spaces', '看[文档。真的](https://a.b)吧。好', ['看[文档。真的](https://a.b)吧。', '好']],
    [
      'first clause',
      'Look [at the weather in Delhi, and in Pune](https://a.b) now.',
      ['Look [at the weather in Delhi, and in Pune](https://a.b) now.'],
    ],
  ])('is not cut in its %s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
    expect(split([...text]).map((piece) => piece.trim())).toEqual(expected);
  });

  it('is waited for to the end of its line only', () => {
    expect(spoken('An open [bracket. There\nit is. Done.')).toEqual(['An open [bracket. There', 'it is.', 'Done.']);
  });
});

describe('a block of code', () => {
  it.each([
    ['between sentences', 'Do this:\n```js\nconst a = 1. \nrun(a)!\n```\nThen wait. Done.', ['Do this:', 'Then wait.', 'Done.']],
    ['with tildes', 'Here.\n~~~\ncode. more\n~~~\nDone.', ['Here.', 'Done.']],
    ['that is indented, behind an empty line', 'Here.\n\n  ```\n  code\n  ```\n\nDone.', ['Here.', 'Done.']],
    ['that is never closed', 'Here.\n```sh\nnpm start\nnpm test', ['Here.']],
    [
      'behind the words that announce it',
      'Do this: ```js\nconst a = 1. \nrun(a)!\n```\nThen wait. Done.',
      ['Do this:', 'Then wait.', 'Done.'],
    ],
    ['behind a sentence', 'Run it. ```sh\nnpm start\n```\nDone.', ['Run it.', 'Done.']],
    ['in a list', 'Steps:\n1. ```sh\nnpm start\n```\n2. Wait.\nDone.', ['Steps:', '1.', '2. Wait.', 'Done.']],
    ['in a quotation', '> ```js\n> code(). b\n> ```\nDone.', ['>', 'Done.']],
    ['that holds another one', '````md\n```js\ncode. b\n```\ncode\n````\nDone.', ['Done.']],
    ['that is closed behind its last line', 'Here:\n```js\ncode. b```\nThen wait. Done.', ['Here:', 'Then wait.', 'Done.']],
    ['that speaks of marks', 'Here:\n```js\nlog("```");\ncode. b\n```\nDone.', ['Here:', 'Done.']],
    ['with words behind its end', '```js\ncode\n``` and so on. Done.', ['and so on.', 'Done.']],
    ['of which only the marks came', 'Here it is: ```js', ['Here it is:']],
    ['that begins the reply', '```\ncode\n```\nThat was all, and nothing more, I think.', ['That was all, and nothing more,', 'I think.']],
    ['but not what only stands in code marks', 'Run ```npm start``` now. Done.', ['Run ```npm start``` now.', 'Done.']],
    ['nor marks that nothing follows for long', `So \`\`\`${'word '.repeat(80)}ends. Done.`, expect.arrayContaining(['Done.'])],
  ])('is left out: %s', (_, text, expected) => {
    expect(spoken(text)).toEqual(expected);
    expect(split([...text]).map((piece) => piece.trim())).toEqual(expected);
  });
});

describe('a long text without marks', () => {
  it('is cut at a space', () => {
    const pieces = split(['word '.repeat(200)]);
    expect(pieces.map((piece) => piece.length)).toEqual([300, 300, 300, 100]);
  });

  it('is cut anywhere when there is no space, but not inside a character', () => {
    const pieces = split(['a'.repeat(299) + '🎈'.repeat(200)]);
    expect(pieces[0]).toBe('a'.repeat(299));
    for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBe(300);
  });
});

describe('whatever the token boundaries', () => {
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
  /** Cuts a text into tokens of these lengths, over and over. */
  const cut = (text: string, lengths: readonly number[]): string[] => {
    const tokens: string[] = [];
    for (let at = 0, index = 0; at < text.length; index++) {
      const length = lengths[index % lengths.length] ?? 1;
      tokens.push(text.slice(at, at + length));
      at += length;
    }
    return tokens;
  };

  it('the pieces joined are the text, and they are the same pieces', () => {
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

  it('no line of a block of code is ever spoken, and nothing else is lost', () => {
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
