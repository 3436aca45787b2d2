/** The words that distinguish the end of a sentence from a mark inside it. The patterns match text up to and including the mark. */

/** A full stop after one of these is part of the word. */
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
/** "No." is an answer when it stands alone, and means "number" elsewhere. */
export const NUMBER_SIGN = /\S\s+no\.$/iu;
/** An initial. "I." is excluded, because it more often ends a sentence. */
export const INITIAL = /(?:^|[\s("'.])(?!I)\p{Lu}\.$/u;
/** "1." at the start of a line numbers a list item. */
export const LIST_NUMBER = /(?:^|\n)\s*\d{1,3}\.$/u;

/** The white space before a conjunction, where a voice may take a breath. */
export const CONJUNCTION =
  /\s+(?=(?:and|but|or|so|because|although|though|while|whereas|unless|until|which|where|when|और|लेकिन|मगर|या|क्योंकि|ताकि|इसलिए|जबकि|तो|कि)\s)/giu;
