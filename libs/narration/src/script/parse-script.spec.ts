import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { parseScript, type ParseScriptOptions } from './parse-script';
import { positionIn, type ScriptElement } from './script';

/** An element in short: `# title`, `NAME: text` or `(1000)`, each with its place. */
function inShort(element: ScriptElement): string {
  const place = `${element.line}:${element.column}`;
  if (element.type === 'chapter') return `${place} # ${element.title}`;
  return element.type === 'pause' ? `${place} (${element.ms})` : `${place} ${element.speaker}: ${element.text}`;
}

const elementsOf = (source: string, options?: ParseScriptOptions): string[] => parseScript(source, options).elements.map(inShort);
const problemsOf = (source: string, options?: ParseScriptOptions): string[] =>
  parseScript(source, options).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('plain text', () => {
  it('has paragraphs of one speaker', () => {
    const script = parseScript('It rained.\nAll day.\n\n  Then it stopped.  \n');
    expect(script).toMatchObject({ format: 'text', speakers: ['NARRATOR'], problems: [] });
    expect(script.elements.map(inShort)).toEqual(['1:1 NARRATOR: It rained. All day.', '4:3 NARRATOR: Then it stopped.']);
  });

  it.each<[string, string]>([
    ['\n', '2:1'],
    ['\r\n', '2:1'],
    ['\r', '2:1'],
    ['\ufeff\n', '2:1'],
    ['\t', '1:2'],
  ])('counts lines and columns behind %j', (before, place) => {
    expect(elementsOf(`${before}Text.`)).toEqual([`${place} NARRATOR: Text.`]);
  });

  it('is divided at pauses', () => {
    expect(elementsOf('One. [pause 1s] Two.\nThree <break time="0.5s"/>four. [PAUSE 200 ms]')).toEqual([
      '1:1 NARRATOR: One.',
      '1:6 (1000)',
      '1:17 NARRATOR: Two. Three',
      '2:7 (500)',
      '2:27 NARRATOR: four.',
      '2:33 (200)',
    ]);
  });

  it('keeps phonemes and whatever only looks like markup', () => {
    const text = 'Say <phoneme alphabet="ipa" ph="ˈnɪʃ">niche</phoneme> [1] if 3 < 4, a<3 and b > c […].';
    expect(elementsOf(text)).toEqual([`1:1 NARRATOR: ${text}`]);
    expect(problemsOf(text)).toEqual([]);
  });

  it('keeps tags for the voice if they are allowed', () => {
    expect(elementsOf('[laughs] No! [whispers softly] Yes.', { audioTags: true })).toEqual([
      '1:1 NARRATOR: [laughs] No! [whispers softly] Yes.',
    ]);
    expect(problemsOf('[laughs] No!', { audioTags: true })).toEqual([]);
  });
});

describe('Markdown', () => {
  it('has chapters, and is spoken as its text', () => {
    const source = [
      '# Rain',
      '',
      'It **rained** on [the _town_](https://example.com "town") &amp; `me`.',
      'All day\\*.',
      '',
      '- one',
      '  more',
      '- two',
      '',
      '> said',
      '> she',
      '',
      '## Sun ##',
      '',
      '| a | b |',
      '| - | - |',
      '| c | d |',
      '',
      '---',
      '<!-- no -->',
      '![a cat](cat.png)',
      '',
    ].join('\n');
    const script = parseScript(source);
    expect(script).toMatchObject({ format: 'markdown', title: 'Rain', problems: [] });
    expect(script.elements.map(inShort)).toEqual([
      '3:1 NARRATOR: It rained on the town & me. All day*.',
      '6:3 NARRATOR: one more',
      '8:3 NARRATOR: two',
      '10:3 NARRATOR: said she',
      '13:1 # Sun',
      '15:3 NARRATOR: a, b',
      '17:3 NARRATOR: c, d',
      '21:3 NARRATOR: a cat',
    ]);
  });

  it('has the title as a chapter if there are others beside it', () => {
    expect(parseScript('# One\n\nText.\n\n# Two\n\nText.')).not.toHaveProperty('title');
    expect(elementsOf('# One\n\nText.\n\n# Two\n\nText.')[0]).toBe('1:1 # One');
  });

  it('finds the place of each character', () => {
    const source = '# T\r\n\r\n- It **rained** on\r\n  [the town](https://the.example/town) &amp; me [pause 1s] *twice*.';
    const lines = source.split('\r\n');
    const speech = parseScript(source).elements.filter((element) => element.type === 'speech');
    expect(speech.map(({ text }) => text)).toEqual(['It rained on the town & me', 'twice.']);
    for (const { text, anchors } of speech) {
      for (const [index, character] of [...text].entries()) {
        const { line, column } = positionIn(anchors, index);
        if (character !== ' ') expect(lines[line - 1]?.charAt(column - 1)).toBe(character);
      }
    }
  });

  it('reads front matter', () => {
    const script = parseScript(
      '---\ntitle: "The rain"\nlanguage: en-IN\nvoices:\n  HOST: v1\n  GUEST: 42\npronunciations:\n  nginx: engine x\n  Nice: /niːs/\n  SQL: { spelling: sequel }\n---\n\nHOST: Hi.\n',
    );
    expect(script).toMatchObject({
      format: 'screenplay',
      title: 'The rain',
      language: 'en-IN',
      voices: [
        { name: 'HOST', voiceId: 'v1' },
        { name: 'GUEST', voiceId: '42' },
      ],
      pronunciations: [
        { word: 'nginx', spelling: 'engine x' },
        { word: 'Nice', ipa: 'niːs' },
        { word: 'SQL', spelling: 'sequel' },
      ],
      problems: [],
    });
    expect(script.elements.map(inShort)).toEqual(['13:7 HOST: Hi.']);
  });

  it.each<[string, string, string[]]>([
    ['invalid YAML', '---\ntitle: "a\n---\nText.', ['3:1 The front matter is not valid YAML: Missing closing "quote']],
    ['a title that is a list', '---\ntitle: [a]\n---\nText.', ['2:8 The title must be a text.']],
    ['voices that are a text', '---\ntitle: a\nvoices: no\n---\nText.', ['3:9 The voices must be lines such as "HOST: voice-id".']],
    ['a text', '---\nhello\n---\nText.', ['2:1 The front matter must consist of lines such as "title: …".']],
    ['nothing', '---\n---\nText.', []],
  ])('checks front matter with %s', (_, source, problems) => {
    const found = problemsOf(source);
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toContain(problem);
  });
});

describe('a screenplay', () => {
  const SOURCE = [
    '# The rain',
    '',
    'HOST: Welcome.',
    'To *the* show.',
    '',
    'Another paragraph.',
    'GUEST (softly): Thank you. [pause 500ms] Well.',
    '**Host:** Go on.',
    '',
    '# Two',
    'GUEST:',
    'No.',
    '',
  ].join('\n');

  it('has speakers, chapters and pauses', () => {
    const script = parseScript(SOURCE, { speakers: ['Host', 'Guest'] });
    expect(script).toMatchObject({ format: 'screenplay', speakers: ['Host', 'Guest'], problems: [] });
    expect(script.elements.map(inShort)).toEqual([
      '1:1 # The rain',
      '3:7 Host: Welcome. To the show.',
      '6:1 Host: Another paragraph.',
      '7:17 Guest: Thank you.',
      '7:28 (500)',
      '7:42 Guest: Well.',
      '8:11 Host: Go on.',
      '10:1 # Two',
      '12:1 Guest: No.',
    ]);
  });

  it('has the same lines and columns with other line ends', () => {
    expect(parseScript(SOURCE.replaceAll('\n', '\r\n')).elements).toEqual(parseScript(SOURCE).elements);
  });

  it('takes names in lower case for speakers only if they have a voice', () => {
    const source = 'HOST: One thing: rain.\nGUEST: Yes.\nNote: that is all.\nhost: Fine.';
    expect(elementsOf(source, { speakers: ['HOST', 'GUEST'] })).toEqual([
      '1:7 HOST: One thing: rain.',
      '2:8 GUEST: Yes. Note: that is all.',
      '4:7 HOST: Fine.',
    ]);
  });

  it.each<[string, string, string]>([
    ['names with a voice', 'Anna: Hi.', 'screenplay'],
    ['names in capitals', 'Intro.\n\nANNA: Hi.\nBO: Hi.', 'screenplay'],
    ['names in Hindi', 'राम: नमस्ते।\nसीता: नमस्ते।', 'screenplay'],
    ['names before full-width colons', '主持人：你好。\n嘉宾：你好。', 'screenplay'],
    ['one word in capitals before a colon', 'It is late.\nNOTE: go home.', 'text'],
    ['times and addresses', 'It is 10:30.\nSee HTTP://EXAMPLE.COM.\nSee HTTP://EXAMPLE.ORG.', 'text'],
    ['a heading', '# One\nText.', 'markdown'],
    ['a number sign in the text', 'We are #1.\n#2 is behind us.', 'text'],
  ])('is told from other formats by %s', (_, source, format) => {
    expect(parseScript(source, { speakers: ['Anna'] }).format).toBe(format);
  });
});

describe('the check of a script', () => {
  it.each<[string, string, string[], ParseScriptOptions?]>([
    ['an empty script', '', ['1:1 The script holds no text to speak.']],
    ['only white space', ' \n\n', ['1:1 The script holds no text to speak.']],
    ['only headings and pauses', '# One\n\n[pause 1s]', ['1:1 The script holds no text to speak.']],
    [
      'text over the limit',
      'ab\ncdef',
      ['2:3 The script has 7 characters; at most 5 are allowed. It is too long from here on.'],
      { maxCharacters: 5 },
    ],
    [
      'control characters',
      'a\tb\r\nc\u0007d\u0000\r\n\u009bx',
      ['2:2 The control character U+0007 cannot be spoken. Remove it.', '3:1 The control character U+009B cannot be spoken. Remove it.'],
    ],
    ['half of a character', 'ab\ud83d cd 😀', ['1:3 The control character U+D83D cannot be spoken. Remove it.']],
    ['a pause that is not closed', 'Hi.\nOh [pause 1s', ['2:4 The markup "[pause" is not closed. Add "]".']],
    ['a phoneme that is not closed', 'A <phoneme alphabet="ipa" ph="x">b', ['1:3 The markup "<phoneme" is not closed. Add "</phoneme>".']],
    ['a phoneme whose tag is not closed', 'A <phoneme alphabet="ipa', ['1:3 The markup "<phoneme" is not closed. Add ">".']],
    [
      'a phoneme without a pronunciation',
      'A <phoneme>b</phoneme>',
      ['1:3 A phoneme needs its pronunciation: <phoneme alphabet="ipa" ph="…">word</phoneme>.'],
    ],
    ['a closing tag alone', 'A b</phoneme>', ['1:4 "</phoneme>" closes nothing.']],
    ['a pause that is too short', '😀 [pause 49ms] x', ['1:4 A pause lasts 50 ms to 60 s; this one has 49 ms.']],
    ['a pause that is too long', 'x [pause 60.1s]', ['1:3 A pause lasts 50 ms to 60 s; this one has 60.1 s.']],
    ['a pause without a time', 'x [pause]', ['1:3 A pause is written as "[pause 1s]" or "[pause 500ms]", not as "[pause]".']],
    ['a break without a time', 'x <break/>', ['1:3 A break is written as <break time="1s"/>, not as <break/>.']],
    [
      'a tag for the voice',
      'x [laughs] y',
      ['1:3 The tag "[laughs]" is not known. Tags such as "[laughs]" need a model that performs them.'],
    ],
    ['an element that is not known', 'x <b>y</b>', ['1:3 The tag "<b>" is not known.', '1:7 The tag "</b>" is not known.']],
    ['emphasis that is not closed', '# T\n\nIt is *not closed', []],
    ['a speaker without text', 'A: Hi.\nB:\nA: Oh.\nC:', ['2:1 The speaker "B" has no text.', '4:1 The speaker "C" has no text.']],
    ['a speaker with a pause only', 'A: Hi.\nB: [pause 1s]', ['2:1 The speaker "B" has no text.']],
    [
      'a speaker without a voice',
      'A: Hi.\n B: Oh.\nB: Ah.',
      ['2:2 The speaker "B" has no voice. Speakers with a voice: A, HOST.'],
      { speakers: ['A', 'HOST'] },
    ],
    [
      'text before the first speaker',
      'Hello.\nA: Hi.\nB: Hi.',
      ['1:1 This text has no speaker. Begin the line with a name, as in "HOST: …".'],
    ],
    ['a chapter without a title', 'A: Hi.\n#\nA: Hi.', ['2:1 The chapter has no title.']],
    ['quotations in quotations without end', '# T\n' + '>'.repeat(90_000), ['1:1 The Markdown is nested too deeply to be read.']],
  ])('reports %s', (...[, source, problems, options]) => {
    expect(problemsOf(source, options)).toEqual(problems);
  });

  it('never throws, and every place is in the source', () => {
    const part = fc.constantFrom(
      '# ',
      'HOST:',
      '\n',
      '\r\n',
      '\r',
      ' ',
      '**',
      '[',
      ']',
      '[pause 1s]',
      '<',
      '>',
      '<phoneme ph="a">',
      '</phoneme>',
      '> ',
      '- ',
      '|',
      '`',
      '&amp;',
      '---\n',
      'a: b',
      'word',
      '😀',
      '\u0000',
      '[a](b)',
      '\\',
      '\t',
      '1. ',
      '你好：',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 60, size: 'max' }),
        fc.option(fc.constantFrom('text', 'markdown', 'screenplay'), { nil: undefined }),
        (parts, format) => {
          const source = parts.join('');
          const lines = source.split(/\r\n|\r|\n/u);
          const { elements, problems } = parseScript(source, { format });
          for (const { line, column } of [...elements, ...problems]) {
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeGreaterThanOrEqual(1);
            expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds each character of plain words where it stands, in every format', () => {
    const word = fc.constantFrom(
      'rain',
      'sun',
      '*wind*',
      '[sea](http://x.example/sea)',
      '`ice`',
      '[pause 1s]',
      '\n',
      '\n\n',
      '\n- ',
      '\n> ',
      '\nHOST: ',
      '**hail**',
      '&lt;',
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 60, size: 'max' }),
        fc.constantFrom('text' as const, 'markdown' as const, 'screenplay' as const),
        (words, format) => {
          const source = words.join(' ');
          const lines = source.split('\n');
          for (const element of parseScript(source, { format }).elements) {
            if (element.type !== 'speech') continue;
            for (const match of element.text.matchAll(/[a-z]{3,}/gu)) {
              const { line, column } = positionIn(element.anchors, match.index);
              expect(lines[line - 1]?.slice(column - 1)).toMatch(new RegExp(`^${match[0]}`, 'u'));
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
