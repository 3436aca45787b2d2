import { buildArpa } from './arpa.ts';

interface Entry {
  probability: number;
  backoff: number;
}

/** An independent reader of the format, so that the builder is not checked with its own arithmetic. */
function readArpa(text: string) {
  const entries = new Map<string, Entry>();
  const declared: number[] = [];
  const found = [0, 0, 0];
  let order = 0;
  for (const line of text.split('\n')) {
    const size = /^ngram \d=(\d+)$/.exec(line);
    const section = /^\\(\d)-grams:$/.exec(line);
    if (size !== null) declared.push(Number(size[1]));
    else if (section !== null) order = Number(section[1]);
    else if (order > 0 && /^-?\d/.test(line)) {
      const fields = line.split(' ');
      const words = fields.slice(1, 1 + order).join(' ');
      const backoff = fields.at(1 + order);
      entries.set(words, { probability: 10 ** Number(fields[0]), backoff: backoff === undefined ? 1 : 10 ** Number(backoff) });
      found[order - 1]++;
    }
  }
  const probability = (history: string[], word: string): number => {
    const entry = entries.get([...history, word].join(' '));
    if (entry !== undefined) return entry.probability;
    if (history.length === 0) return 0;
    return (entries.get(history.join(' '))?.backoff ?? 1) * probability(history.slice(1), word);
  };
  const vocabulary = [...entries.keys()].filter((words) => !words.includes(' ') && words !== '<s>');
  return { entries, declared, found, probability, vocabulary };
}

const SENTENCES = ['stop', 'stop', 'tell me a joke', 'tell me a story', 'tell me the time', 'stop the music', 'what is the time'];

describe('buildArpa', () => {
  const model = readArpa(buildArpa(SENTENCES));

  it('declares as many n-grams as it lists', () => {
    expect(model.found).toEqual(model.declared);
    expect(model.declared[0]).toBe(new Set(SENTENCES.join(' ').split(' ')).size + 2);
  });

  it.each([[[]], [['<s>']], [['tell']], [['the']], [['<s>', 'stop']], [['tell', 'me']], [['me', 'the']], [['joke', 'never']]])(
    'gives the words after %j probabilities that sum to one',
    (history: string[]) => {
      const sum = model.vocabulary.reduce((total, word) => total + model.probability(history, word), 0);
      expect(sum).toBeCloseTo(1, 2);
    },
  );

  it('gives the expected probabilities to the n-grams it has read', () => {
    expect(model.entries.has('tell me a')).toBe(true);
    expect(model.entries.has('me the time')).toBe(true);
    expect(model.entries.has('me the music')).toBe(false);
    expect(model.entries.get('stop')?.probability).toBeCloseTo(3 / 28, 4);
    // "a" follows "tell me" 2 times of 3, with 2 words that did: 2/3 * 3/4 and a quarter of the bigram's estimate.
    expect(model.probability(['tell', 'me'], 'a')).toBeCloseTo(0.75 * (2 / 3) + 0.25 * model.probability(['me'], 'a'), 3);
  });

  it('prefers sequences it has read, and allows those it has not', () => {
    expect(model.probability(['tell', 'me'], 'a')).toBeGreaterThan(model.probability(['tell', 'me'], 'music'));
    expect(model.probability(['tell', 'me'], 'music')).toBeGreaterThan(0);
  });

  it('refuses an empty list of sentences', () => {
    expect(() => buildArpa([])).toThrow('no sentences');
  });
});
