import { VoicedText } from './voiced-text';

const MS_PER_CHARACTER = 60;
const SAMPLES = new Int16Array(1);

/** Returns an alignment in which each character has its time, from `startMs` on. */
function aligned(text: string, startMs: number) {
  const chars = [...text];
  return { chars, startMs: chars.map((_, i) => startMs + i * MS_PER_CHARACTER), durationMs: chars.map(() => MS_PER_CHARACTER) };
}

/** Returns the state after all sentences were given at once and the text `spoken`, in the words of the vendor, was voiced. */
function voiced(sentences: readonly string[], spoken: string): VoicedText {
  const text = new VoicedText();
  for (const sentence of sentences) text.given(sentence);
  if (spoken !== '') text.voiced({ pcm: SAMPLES, alignment: aligned(spoken, 0) }, [...spoken].length * MS_PER_CHARACTER);
  return text;
}

/** Returns the text that is left to speak. */
function left(sentences: readonly string[], { position: { sentence, offset } }: VoicedText): string {
  return [sentences[sentence]?.slice(offset), ...sentences.slice(sentence + 1)].filter(Boolean).join(' | ');
}

const TWO = ['It is three.', 'Or four.'];

describe('VoicedText', () => {
  it.each<[string, string[], string, string]>([
    ['no audio', TWO, '', 'It is three. | Or four.'],
    ['part of the first word', TWO, 'I', 'It is three. | Or four.'],
    ['a word', TWO, 'It', 'is three. | Or four.'],
    ['a word and part of the next one', TWO, 'It is thr', 'three. | Or four.'],
    ['a sentence', TWO, 'It is three.', 'Or four.'],
    ['a sentence without its full stop', TWO, 'It is three', 'Or four.'],
    ['a sentence and a word with a space between them', TWO, 'It is three. Or', 'four.'],
    ['a sentence and a word with nothing between them', TWO, 'It is three.Or', 'four.'],
    ['the whole text', TWO, 'It is three. Or four. ', ''],
    ['a number that the vendor writes out', ['It costs 12 euros.', 'Yes.'], 'It costs twelve euros', 'Yes.'],
    ['part of a number that the vendor writes out', ['It costs 1250 euros.'], 'It costs one thousand two', '1250 euros.'],
    ['a number at the end of a sentence that the vendor writes out', ['It costs 1250.', 'Yes.'], 'It costs twelve hundred fifty.', 'Yes.'],
    ['a text from which the vendor left out words', ['the first sentence of a reply'], 'the sentence of', 'a reply'],
    ['a repeated word, and part of the word after it', ['the cat saw the dog'], 'the cat saw the d', 'dog'],
    ['a word that is part of the next one', ['to today to'], 'to to', 'today to'],
    ['a word that occurs twice in the text', ['the cat saw the dog'], 'the cat', 'saw the dog'],
    ['words that contain punctuation', ["Don't go to the U.S. today."], "Don't go to the U.S", 'today.'],
    ['words in quotation marks', ['“Hello,” she said.'], '“Hello,” she', 'said.'],
    ['words in Devanagari', ['अभी तीन बजे हैं।'], 'अभी तीन', 'बजे हैं।'],
  ])('finds the text that is left after %s has been voiced', (_name, sentences, spoken, expected) => {
    const text = voiced(sentences, spoken);
    expect(left(sentences, text)).toBe(expected);
    expect(text.position.isLossy).toBe(false);
  });

  it.each<[string, [string, startMs: number][], audioMs: number]>([
    ['leaves out the beginning of the text', [['three. Or four.', 360]], 1_260],
    ['leaves out the end of the text', [['It is', 0]], 1_260],
    [
      'leaves out the middle of a sentence',
      [
        ['It', 0],
        ['four.', 960],
      ],
      1_260,
    ],
    [
      'starts again from the beginning',
      [
        ['It is three. Or four.', 0],
        ['It is', 0],
      ],
      1_260,
    ],
    ['lasts longer than its audio and does not cover the rest', [['It', 1_000]], 1_260],
  ])('does not rely on an alignment that %s, so that no text is spoken twice', (_name, pieces, audioMs) => {
    const text = new VoicedText();
    for (const sentence of TWO) text.given(sentence);
    const alignments = pieces.map(([chars, startMs]) => aligned(chars, startMs));
    text.voiced({ pcm: SAMPLES }, audioMs);
    for (const alignment of alignments) text.voiced({ pcm: SAMPLES, alignment }, 0);
    expect(left(TWO, text)).toBe('');
  });

  it('does not count a word as voiced before its audio has arrived', () => {
    const text = new VoicedText();
    text.given('It is three.');
    text.voiced({ pcm: SAMPLES, alignment: aligned('It is three.', 0) }, 5 * MS_PER_CHARACTER);
    expect(left(TWO, text)).toBe('three. | Or four.');
  });

  it('combines several chunks, even if a word is split between them', () => {
    const text = new VoicedText();
    text.given('It is three.');
    text.voiced({ pcm: SAMPLES, alignment: aligned('It is th', 0) }, 480);
    text.voiced({ pcm: SAMPLES, alignment: aligned('ree', 480) }, 180);
    expect(left(TWO, text)).toBe('Or four.');
  });

  describe('when the vendor sends no complete alignment', () => {
    const sentences = ['A sentence of thirty characters', 'Another one of thirty or so', 'And a third one'];

    it('continues after the sentence that is being voiced if sentences are voiced one after the other', () => {
      const text = new VoicedText();
      text.given(sentences[0] ?? '');
      text.voiced({ pcm: SAMPLES }, 1_900);
      text.given(sentences[1] ?? '');
      text.voiced({ pcm: SAMPLES }, 300);
      expect(text.position).toEqual({ sentence: 2, offset: 0, isLossy: true });
    });

    it('continues with a sentence of which nothing has been voiced', () => {
      const text = new VoicedText();
      text.given(sentences[0] ?? '');
      text.voiced({ pcm: SAMPLES }, 1_900);
      text.given(sentences[1] ?? '');
      expect(text.position).toEqual({ sentence: 1, offset: 0, isLossy: true });
    });

    it('skips no more sentences than the audio can contain if all sentences were given at once', () => {
      const text = new VoicedText();
      for (const sentence of sentences) text.given(sentence);
      text.voiced({ pcm: SAMPLES }, 400);
      expect(text.position).toEqual({ sentence: 1, offset: 0, isLossy: true });
      text.voiced({ pcm: SAMPLES }, 1_500);
      expect(text.position).toEqual({ sentence: 2, offset: 0, isLossy: true });
    });

    it('continues after at least the text that the incomplete alignment covers', () => {
      const text = new VoicedText();
      for (const sentence of sentences) text.given(sentence);
      text.voiced({ pcm: SAMPLES, alignment: aligned('A sentence of', 0) }, 13 * MS_PER_CHARACTER);
      text.voiced({ pcm: SAMPLES }, 1_200);
      expect(text.position).toEqual({ sentence: 2, offset: 0, isLossy: true });
    });
  });

  it('knows whether more audio must follow', () => {
    const text = new VoicedText();
    expect(text.isDue).toBe(false);
    text.given('A sentence of thirty characters');
    expect(text.isDue).toBe(true);
    text.voiced({ pcm: SAMPLES }, 1_900);
    expect(text.isDue).toBe(false);
  });
});
