import { expandPhrases, type PhraseGrammar } from './phrase-grammar.ts';

const GRAMMAR: PhraseGrammar = {
  templates: ['stop', 'add {item} and {item}'],
  classes: { item: ['milk', 'brown bread', 'tea'] },
};

describe('expandPhrases', () => {
  it('copies plain templates and fills every slot with every word', () => {
    const sentences = expandPhrases(GRAMMAR, { perTemplate: 10, perPlainTemplate: 4 });

    expect(sentences.filter((sentence) => sentence === 'stop')).toHaveLength(4);
    const filled = sentences.filter((sentence) => sentence.startsWith('add'));
    expect(filled).toHaveLength(10 + 2 * 3);
    for (const sentence of filled) expect(sentence).toMatch(/^add (milk|brown bread|tea) and (milk|brown bread|tea)$/);
    for (const item of GRAMMAR.classes['item']) {
      expect(filled.some((sentence) => sentence.startsWith(`add ${item} and`))).toBe(true);
      expect(filled.some((sentence) => sentence.endsWith(`and ${item}`))).toBe(true);
    }
  });

  it('gives the same sentences for the same seed, and different ones for another', () => {
    expect(expandPhrases(GRAMMAR, { seed: 7 })).toEqual(expandPhrases(GRAMMAR, { seed: 7 }));
    expect(expandPhrases(GRAMMAR, { seed: 7 })).not.toEqual(expandPhrases(GRAMMAR, { seed: 8 }));
  });

  it.each([
    ['a class that does not exist', { templates: ['call {who}'], classes: {} }],
    ['an empty class', { templates: ['call {who}'], classes: { who: [] } }],
  ])('refuses %s', (_, grammar: PhraseGrammar) => {
    expect(() => expandPhrases(grammar)).toThrow('class "who" has no words');
  });
});
