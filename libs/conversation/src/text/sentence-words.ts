/** Words by which the end of a sentence is told from a mark within it. Patterns for the text up to and with the mark. */

/** A full stop behind them is part of the word. */
const ABBREVIATIONS = `
  mr mrs ms dr prof sr jr st mt rev hon gen col sgt capt lt smt shri
  e.g i.e etc vs cf al approx est ca a.m p.m u.s u.k u.a.e u.n ph.d b.a m.a b.sc m.sc b.tech m.tech
  inc ltd pvt co corp dept fig eq vol pp rs ave blvd rd jan feb apr jun jul aug sep sept oct nov dec
  डॉ प्रो श्री सुश्री कु रु
`
  .split(/\s+/u)
  .filter((word) => word !== '')
  .map((word) => word.replaceAll('.', '\\.'));

export const ABBREVIATION = new RegExp(`(?:^|[\\s("'])(?:${ABBREVIATIONS.join('|')})\\.$`, 'iu');
/** "No." is an answer where it stands alone, and a number's name elsewhere. */
export const NUMBER_SIGN = /\S\s+no\.$/iu;
/** "I." ends a sentence more often than it is a name. */
export const INITIAL = /(?:^|[\s("'.])(?!I)\p{Lu}\.$/u;
/** "1." at a line's start numbers a list. */
export const LIST_NUMBER = /(?:^|\n)\s*\d{1,3}\.$/u;

/** The white space before a word that joins what follows to what was said: a voice may take a breath there. */
export const CONJUNCTION =
  /\s+(?=(?:and|but|or|so|because|although|though|while|whereas|unless|until|which|where|when|और|लेकिन|मगर|या|क्योंकि|ताकि|इसलिए|जबकि|तो|कि)\s)/giu;
