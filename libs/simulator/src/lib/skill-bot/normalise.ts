const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(what|who|how|where|when|that|there|it|he|she|here|name)'s\b/g, '$1 is'],
  [/\b(i)'m\b/g, '$1 am'],
  [/\b(you|we|they|what)'re\b/g, '$1 are'],
  [/\b(i|you|we|they)'ve\b/g, '$1 have'],
  [/\b(i|you|he|she|it|we|they)'ll\b/g, '$1 will'],
  [/\b(i|you|he|she|we|they)'d\b/g, '$1 would'],
  [/\bcan't\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/n't\b/g, ' not'],
  [/\blet's\b/g, 'let us'],
];

/** Written arithmetic, in the words a listener would hear. */
const SYMBOLS: readonly (readonly [RegExp, string])[] = [
  [/(\d),(?=\d{3}\b)/g, '$1'],
  [/\+/g, ' plus '],
  [/[×*]/g, ' times '],
  [/[÷/]/g, ' divided by '],
  [/%/g, ' percent '],
  [/−/g, ' minus '],
  [/(\d)\s*-\s*(?=\d)/g, '$1 minus '],
  [/(?<=^|\s)-(?=\d)/g, 'minus '],
  [/&/g, ' and '],
  [/(?<=\d)°\s*c\b/g, ' degrees celsius '],
  [/(?<=\d)°\s*f\b/g, ' degrees fahrenheit '],
];

/** A typed or recognised sentence as the skills match it: lower case, words and numbers separated by one space, no punctuation. */
export function normalise(text: string): string {
  let result = text.normalize('NFKC').toLowerCase().replace(/[‘’]/g, "'");
  for (const [from, to] of [...CONTRACTIONS, ...SYMBOLS]) result = result.replace(from, to);
  return result
    .replace(/'/g, '')
    .replace(/(?<!\d)\.|\.(?!\d)/g, ' ')
    .replace(/[^\p{Letter}\p{Mark}\p{Number}.]+/gu, ' ')
    .trim();
}

const COURTESIES = [
  /^(?:please|okay|ok|hey|hi|hello|so|well|and|um|uh|actually|now|thanks|thank you|wait|stop|no) /,
  /^(?:can|could|would|will) you (?:please )?(?=(?:tell|say|repeat|convert|calculate|give|sing|play|turn|set|remind|call|count|spell|flip|roll|pick|read|add|dim|stop|continue|go|start|remove|cancel|pause) )/,
  /^tell me (?=(?:what|who|how|when|where)\b)/,
  /^do you know (?=(?:what|who|how|when|where)\b)/,
  / (?:please|now|for me)$/,
];

/** The sentence without the polite words around it; never empty when the sentence is not. */
export function withoutCourtesies(sentence: string): string {
  const shorter = COURTESIES.reduce((result, courtesy) => result.replace(courtesy, ''), sentence);
  return shorter === sentence || shorter === '' ? sentence : withoutCourtesies(shorter);
}
