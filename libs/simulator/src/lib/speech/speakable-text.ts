const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/[‘’ʼ]/g, "'"],
  [/[“”„]/g, '"'],
  [/\s*[–—]\s*/g, ', '],
  [/…/g, '...'],
  // Markdown would be read out by name.
  [/[*_#`~|<>[\]{}\\^]/g, ' '],
];
const MARKS = /\p{Mark}/gu;
const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/g;

/** Text as flite takes it: printable ASCII without markup. Empty when it holds no letter or digit that could be spoken. */
export function speakableText(text: string): string {
  const replaced = REPLACEMENTS.reduce((result, [from, to]) => result.replace(from, to), text);
  const ascii = replaced.normalize('NFKD').replace(MARKS, '').replace(NOT_PRINTABLE_ASCII, ' ').replace(/\s+/g, ' ').trim();
  return /[a-z0-9]/i.test(ascii) ? ascii : '';
}
