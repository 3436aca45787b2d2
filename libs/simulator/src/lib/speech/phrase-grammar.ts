/** Sentences a listener expects: templates with `{class}` slots, and the words that may fill each slot. All lower case, without punctuation. */
export interface PhraseGrammar {
  templates: readonly string[];
  classes: Readonly<Record<string, readonly string[]>>;
}

/** How many sentences `expandPhrases` draws. The same grammar, counts and seed give the same sentences. */
export interface ExpansionOptions {
  /** Random fillings of a template with slots, beside one sentence for every word of every slot. */
  perTemplate?: number;
  /** Copies of a template without slots, so that it weighs as much as one with. */
  perPlainTemplate?: number;
  seed?: number;
}

const SLOT = /\{(\w+)\}/g;

/**
 * Writes out the sentences of a grammar as training text: random fillings of each template, and every word of every
 * slot at least once. Throws when a template names a class that does not exist or is empty.
 */
export function expandPhrases(grammar: PhraseGrammar, options: ExpansionOptions = {}): string[] {
  const { perTemplate = 150, perPlainTemplate = 60, seed = 12345 } = options;
  const random = seededRandom(seed);
  const wordsOf = (slot: string): readonly string[] => {
    const words = grammar.classes[slot];
    if (words === undefined || words.length === 0) throw new Error(`phrase grammar: class "${slot}" has no words`);
    return words;
  };
  const pick = (slot: string): string => {
    const words = wordsOf(slot);
    return words[Math.floor(random() * words.length)];
  };
  const fill = (template: string, fixedAt = -1, fixedWord = ''): string =>
    template.replace(SLOT, (_, slot: string, offset: number) => (offset === fixedAt ? fixedWord : pick(slot)));

  const sentences: string[] = [];
  for (const template of grammar.templates) {
    const slots = [...template.matchAll(SLOT)];
    const copies = slots.length > 0 ? perTemplate : perPlainTemplate;
    for (let i = 0; i < copies; i++) sentences.push(fill(template));
    for (const slot of slots) for (const word of wordsOf(slot[1])) sentences.push(fill(template, slot.index, word));
  }
  return sentences;
}

/** A small linear congruential generator, 0 (inclusive) to 1 (exclusive). */
function seededRandom(seed: number): () => number {
  let state = seed & 0x7fffffff;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
}
