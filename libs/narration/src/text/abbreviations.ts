/** Words after which a full stop ends nothing: what they announce belongs to them. */
const TITLES = `
  mr mrs ms mx dr prof st mt rev fr hon pres gov sen rep gen col maj sgt lt capt cmdr supt
  messrs mme mlle hr frau sr sra srta smt shri vs cf viz approx est ca bzw vgl ggf usw z.b d.h u.a
  fig figs eq vol vols no nos nr núm pp pg ch sec art op rs ft dept univ assn bros gebr
  jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
  डॉ प्रो श्री सुश्री कु रु
`;

/** Words that a capital letter may follow in the same sentence. A chunk may end behind them, but they do not end a sentence. */
const TRAILING = 'etc al jr inc ltd pvt corp co ave blvd rd p.s ph.d approx';

/** Words whose full stop ends a sentence unless a number follows: "No. 5", but "No. That is wrong." */
const BEFORE_NUMBERS = 'no nos nr núm fig figs vol sec art op ch mar sun sat ca est fr';

const words = (list: string): string[] => list.split(/\s+/u).filter((word) => word !== '');

const alternatives = (list: readonly string[]): string => list.map((word) => word.replaceAll('.', '\\.')).join('|');

const behindWord = (list: readonly string[]): RegExp => new RegExp(`(?:^|[\\s("'“‘«\\[>])(?:${alternatives(list)})\\.$`, 'iu');

const numbered = new Set(words(BEFORE_NUMBERS));

/** The patterns match the text up to and including the full stop. */
export const TITLE_END = behindWord(words(TITLES).filter((word) => !numbered.has(word)));
export const TRAILING_END = behindWord(words(TRAILING));
export const NUMBER_WORD_END = behindWord([...numbered]);
/** An initial ("J."). "I." is left out, because it more often ends a sentence. */
export const INITIAL_END = /(?:^|[\s("'“‘«[>])(?!I\.)\p{Lu}\.$/u;
/** Letters with a full stop each: "e.g.", "a.m.", "U.S.", "J.R.R." */
export const DOTTED_END = /(?:^|[\s("'“‘«[>])(?:\p{L}\p{M}*\.){2,}$/u;
/** "1." at the start of a line numbers a list item. */
export const LIST_NUMBER_END = /(?:^|\n)[^\S\n]*\p{Nd}{1,3}\.$/u;
